import type { Rng } from '../../core/rng.js';
import { operations } from './index.js';
import type { ImageSize, Operation } from './operation.js';

/** The published setting. */
const width = 3;
const largestDepth = 3;

/** Operations one after the other. */
export type Chain = readonly { readonly operation: string; readonly amount: number }[];

/** Every random number that the mixture of one image needs. */
export interface Mixture {
  /** Share of the chains against that of the image itself, 0 to 1. */
  readonly share: number;
  readonly chains: readonly Chain[];
  /** Of each chain; they add up to 1. */
  readonly weights: readonly number[];
}

/**
 * Three chains of one to three operations, weights of a Dirichlet and a share of a Beta distribution with parameters
 * of 1 (Hendrycks et al. 2020).
 */
export function drawMixture(rng: Rng, size: ImageSize): Mixture {
  const weights = drawWeights(rng, width);
  const share = rng.double(); // Beta(1, 1)
  const chains = weights.map(() => drawChain(rng, size));
  return { share, chains, weights };
}

/** n numbers that add up to 1, of a Dirichlet distribution with parameters of 1. */
export function drawWeights(rng: Rng, n: number): number[] {
  const waits = Array.from({ length: n }, () => -Math.log(1 - rng.double()));
  const sum = waits.reduce((a, b) => a + b, 0);
  return waits.map((wait) => wait / sum);
}

export function drawChain(rng: Rng, size: ImageSize): Chain {
  return Array.from({ length: 1 + rng.int(largestDepth) }, () => {
    const operation = operations[rng.int(operations.length)]!;
    return { operation: operation.name, amount: operation.draw(rng, size) };
  });
}

/**
 * (1 - share) norm(image) + share * sum of weight * norm(chain(image)).
 * @param image [height, width, 3]
 * @param tables what each byte becomes in each channel, as `normalisedBytes` has it
 * @param out [height, width, 3], written whole
 */
export function applyMixture(
  image: Uint8Array,
  size: ImageSize,
  { share, chains, weights }: Mixture,
  tables: readonly Float32Array[],
  out: Float32Array,
): void {
  out.fill(0);
  addWeighted(image, 1 - share, tables, out);
  chains.forEach((chain, k) => addWeighted(applyChain(image, size, chain), share * weights[k]!, tables, out));
}

/** A chain's image [height, width, 3]; it is valid until the next call. */
export function applyChain(image: Uint8Array, size: ImageSize, chain: Chain): Uint8Array {
  const [first, second] = buffersFor(image.length);
  let from = image;
  for (const { operation, amount } of chain) {
    const to = from === first ? second : first;
    byName.get(operation)!.apply(from, size, amount, to);
    from = to;
  }
  return from;
}

const byName = new Map<string, Operation>(operations.map((operation) => [operation.name, operation]));

/** Used again as long as images keep their size, so that a loop over images allocates nothing. */
let buffers: readonly [Uint8Array, Uint8Array] = [new Uint8Array(), new Uint8Array()];

function buffersFor(length: number): typeof buffers {
  if (buffers[0].length !== length) buffers = [new Uint8Array(length), new Uint8Array(length)];
  return buffers;
}

/** Adds weight * norm(image). @param tables as `applyMixture` has them */
export function addWeighted(
  image: Uint8Array,
  weight: number,
  [red, green, blue]: readonly Float32Array[],
  out: Float32Array,
): void {
  for (let i = 0; i < image.length; i += 3) {
    out[i]! += weight * red![image[i]!]!;
    out[i + 1]! += weight * green![image[i + 1]!]!;
    out[i + 2]! += weight * blue![image[i + 2]!]!;
  }
}
