import type { PutRows } from '../core/npy-rows.js';
import type { NdArray } from '../core/npy.js';
import type { Rng } from '../core/rng.js';
import type { Severity } from './noise.js';

/** Clean images with their labels. */
export interface CleanImages {
  /** [n, height, width, 3] */
  readonly images: NdArray<Uint8Array>;
  /** [n] */
  readonly labels: Uint8Array;
}

/** Which noisy images are wanted. */
export interface MixtureRequest {
  /** One noise, or several: each (image, severity) then gets one of them. */
  readonly noises: readonly string[];
  readonly severities: readonly Severity[];
  /** [n] which of a source's images, ascending. */
  readonly indices: Uint32Array;
  /** [severities * n] the place of each image's noise among the noises, as `drawNoises` gives it. */
  readonly noiseOf: Uint8Array;
  /** The root stream, as for `corruptImages`. */
  readonly rng: Rng;
  readonly signal: AbortSignal;
  /** Told how many images of how many are there. */
  readonly onProgress: (done: number, total: number) => void;
}

/** Where noisy images come from: made here, or brought by a person. */
export interface NoisySource {
  /** How many images there are at each severity. */
  readonly total: number;
  /** The number of its first image: 0 where they are the clean test images, beyond those where they are others. */
  readonly firstBaseImage: number;
  /** [height, width, 3] */
  readonly shape: readonly number[];
  /** [total] */
  readonly labels: Uint8Array;
  /** Puts the wanted images, severity by severity as rows. @throws {DataError} where they are not what they must be */
  readonly fill: (request: MixtureRequest, put: PutRows) => Promise<void>;
}

/** Which images of a source are used: the same ones in all environments of a seed. */
export function chooseImages(rng: Rng, total: number, count: 'all' | number): Uint32Array {
  return rng
    .child('images')
    .sample(total, count === 'all' ? total : Math.min(count, total))
    .sort();
}

/** [severities * n] which of the noises each (image, severity) gets, drawn equally. */
export function drawNoises({
  noises,
  severities,
  indices,
  rng,
}: Pick<MixtureRequest, 'noises' | 'severities' | 'indices' | 'rng'>): Uint8Array {
  const noiseOf = new Uint8Array(severities.length * indices.length);
  if (noises.length === 1) return noiseOf;
  for (const [s, severity] of severities.entries()) {
    const stream = rng.child(`mixture/${noises.join('+')}/s${severity}`);
    for (let k = 0; k < indices.length; k++) noiseOf[s * indices.length + k] = stream.int(noises.length);
  }
  return noiseOf;
}

/** How many images are worked at together. */
const pieceRows = 500;

interface Part {
  readonly noise: string;
  readonly severity: Severity;
  /** Of the result, ascending; all of one noise and severity. */
  readonly rows: readonly number[];
  /** Which of the source's images they are. */
  readonly images: Uint32Array;
}

/** The rows of a mixture by noise and severity, not too many at a time. */
export function* piecesOf({ noises, severities, indices, noiseOf }: MixtureRequest): Generator<Part, void> {
  const n = indices.length;
  for (const [s, severity] of severities.entries())
    for (let from = 0; from < n; from += pieceRows) {
      const all = Array.from({ length: Math.min(pieceRows, n - from) }, (_, k) => s * n + from + k);
      for (const [place, noise] of noises.entries()) {
        const rows = all.filter((row) => noiseOf[row] === place);
        if (rows.length === 0) continue;
        yield { noise, severity, rows, images: Uint32Array.from(rows, (row) => indices[row % n]!) };
      }
    }
}
