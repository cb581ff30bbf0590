import type { Rng } from '../../core/rng.js';
import { drawPlacement, place } from '../augment.js';
import { normalisedBytes, type Images, type Normalisation } from '../batch.js';
import type { NdArray } from '../../core/npy.js';
import { applyMixture, drawMixture } from './mixture.js';

export interface AugmixBatch {
  readonly images: Images;
  /** Which of them. */
  readonly indices: ArrayLike<number>;
  readonly normalisation: Normalisation;
  /** How many mixtures of every image. */
  readonly mixtures: number;
  /** Whether the image without mixture goes in front of them. */
  readonly hasClean: boolean;
  /** The stream of this epoch. An image draws from the child of its number, so it draws the same in any order. */
  readonly rng: Rng;
}

/**
 * The views of a batch that AugMix trains on, normalised: every image is mirrored and cut once, then mixed.
 * @returns [views * n, height, width, 3]: the first view of all images, then the second of all, and so on
 */
export function augmixViews(batch: AugmixBatch): NdArray<Float32Array> {
  const { images, indices, normalisation, mixtures, hasClean, rng } = batch;
  const [, height, width] = images.shape as readonly [number, number, number];
  const size = { height, width };
  const length = height * width * 3;
  const tables = normalisedBytes(normalisation);
  const views = mixtures + (hasClean ? 1 : 0);
  const out = new Float32Array(views * indices.length * length);
  const clean = new Uint8Array(length);
  for (let i = 0; i < indices.length; i++) {
    const stream = rng.child(indices[i]!);
    place(images, indices[i]!, drawPlacement(stream), clean);
    for (let view = 0; view < views; view++) {
      const at = (view * indices.length + i) * length;
      const mixture = hasClean && view === 0 ? unmixed : drawMixture(stream, size);
      applyMixture(clean, size, mixture, tables, out.subarray(at, at + length));
    }
  }
  return { shape: [views * indices.length, height, width, 3], data: out };
}

const unmixed = { share: 0, chains: [], weights: [] };
