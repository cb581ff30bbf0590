import type { Rng } from '../core/rng.js';
import { place } from '../nn/augment.js';
import { operations } from '../nn/augmix/index.js';
import { addWeighted, applyChain, drawWeights, type Chain } from '../nn/augmix/mixture.js';
import type { ImageSize } from '../nn/augmix/operation.js';
import type { Mix } from '../nn/augmix/views.js';
import { rows, type Images } from '../nn/batch.js';

/** Gives an image [height, width, 3] another style; what it was given is not changed. */
export type Restyle = (image: Uint8Array) => Uint8Array;

/** Every random number of a mixture: AugMix's, whose chains may begin with the image in another style. */
export interface StyleMixture {
  /** Share of the chains against that of the image itself, 0 to 1. */
  readonly share: number;
  readonly chains: readonly { readonly isStyled: boolean; readonly operations: Chain }[];
  /** Of each chain; they add up to 1. */
  readonly weights: readonly number[];
}

/**
 * Three chains of one to three of ten operations: AugMix's nine, and the change of style, which goes first in a chain
 * wherever it was drawn, as in DeepRepair's code.
 */
export function drawStyleMixture(rng: Rng, size: ImageSize): StyleMixture {
  const weights = drawWeights(rng, 3);
  const share = rng.double(); // Beta(1, 1)
  const chains = weights.map(() => {
    const drawn = Array.from({ length: 1 + rng.int(3) }, () => {
      const operation = operations[rng.int(operations.length + 1)];
      return operation && { operation: operation.name, amount: operation.draw(rng, size) };
    });
    const others = drawn.filter((operation) => operation !== undefined);
    return { isStyled: others.length < drawn.length, operations: others };
  });
  return { share, chains, weights };
}

/**
 * @param image [height, width, 3]
 * @param styled the image in another style; asked for only where a chain needs it
 * @param out [height, width, 3], normalised by `tables`, written whole
 */
export function applyStyleMixture(
  image: Uint8Array,
  styled: () => Uint8Array,
  size: ImageSize,
  { share, chains, weights }: StyleMixture,
  tables: readonly Float32Array[],
  out: Float32Array,
): void {
  out.fill(0);
  addWeighted(image, 1 - share, tables, out);
  const other = chains.some(({ isStyled }) => isStyled) ? styled() : image;
  chains.forEach(({ isStyled, operations }, k) => {
    const changed = applyChain(isStyled ? other : image, size, operations);
    addWeighted(changed, share * weights[k]!, tables, out);
  });
}

/**
 * Every image in the style of one of the references, for the whole training the same, drawn from the image's stream.
 * @param rng the stream of all images; that of an image is the child of its number
 * @param keptBytes copies are kept up to this size and made again beyond it
 * @returns the copy [height, width, 3] of an image, made when it is first asked for
 */
export function styledCopies(
  images: Images,
  styles: readonly Restyle[],
  rng: Rng,
  keptBytes: number,
): (index: number) => Uint8Array {
  const copies = new Map<number, Uint8Array>();
  return (index) => {
    const kept = copies.get(index);
    if (kept) return kept;
    const { data } = rows(images, index, index + 1);
    const copy = styles[rng.child(index).int(styles.length)]!(data);
    if ((copies.size + 1) * copy.length <= keptBytes) copies.set(index, copy);
    return copy;
  };
}

/**
 * Copies that are made before the step that needs them, where making one is work for the engine: inside the gradient's
 * tape all its maps would be kept. One after the other, so that a copy does not depend on what else is in a batch.
 * @returns `copyOf` for the images of the batch that was prepared last
 */
export function preparedCopies(copyOf: (index: number) => Uint8Array, signal: AbortSignal) {
  const batch = new Map<number, Uint8Array>();
  return {
    prepare: async (indices: Uint32Array): Promise<void> => {
      batch.clear();
      for (const index of new Set(indices)) {
        signal.throwIfAborted();
        batch.set(index, copyOf(index));
        await new Promise(setImmediate);
      }
    },
    copyOf: (index: number): Uint8Array => batch.get(index)!,
  };
}

/** Mixes images whose copy in another style is known; it is mirrored and cut like the image. */
export function styleMix(copyOf: (index: number) => Uint8Array): Mix {
  return ({ index, placement, bytes, size, tables }, rng, out) => {
    const { height, width } = size;
    const styled = () => {
      const placed = new Uint8Array(bytes.length);
      place({ shape: [1, height, width, 3], data: copyOf(index) }, 0, placement, placed);
      return placed;
    };
    applyStyleMixture(bytes, styled, size, drawStyleMixture(rng, size), tables, out);
  };
}
