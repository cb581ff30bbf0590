import type { Rng } from '../../core/rng.js';
import { drawPlacement, place, type Placement } from '../augment.js';
import { normalisedBytes, type Images, type Normalisation } from '../batch.js';
import type { NdArray } from '../../core/npy.js';
import { addWeighted, applyMixture, drawMixture } from './mixture.js';
import type { ImageSize } from './operation.js';

/** An image of a batch, mirrored and cut, that is to be mixed. */
export interface PlacedImage {
  /** Its number. */
  readonly index: number;
  readonly placement: Placement;
  /** [height, width, 3] */
  readonly bytes: Uint8Array;
  readonly size: ImageSize;
  /** What each byte becomes in each channel. */
  readonly tables: readonly Float32Array[];
}

/** Draws a mixture of an image from its stream and writes it, normalised, to `out` [height, width, 3]. */
export type Mix = (image: PlacedImage, rng: Rng, out: Float32Array) => void;

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
  /** Makes a mixture; AugMix's own unless given. */
  readonly mix?: Mix;
}

/**
 * The views of a batch that AugMix trains on, normalised: every image is mirrored and cut once, then mixed.
 * @returns [views * n, height, width, 3]: the first view of all images, then the second of all, and so on
 */
export function augmixViews(batch: AugmixBatch): NdArray<Float32Array> {
  const { images, indices, normalisation, mixtures, hasClean, rng, mix = augmix } = batch;
  const [, height, width] = images.shape as readonly [number, number, number];
  const size = { height, width };
  const length = height * width * 3;
  const tables = normalisedBytes(normalisation);
  const views = mixtures + (hasClean ? 1 : 0);
  const out = new Float32Array(views * indices.length * length);
  const bytes = new Uint8Array(length);
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i]!;
    const stream = rng.child(index);
    const placement = drawPlacement(stream);
    place(images, index, placement, bytes);
    for (let view = 0; view < views; view++) {
      const at = (view * indices.length + i) * length;
      const into = out.subarray(at, at + length);
      if (hasClean && view === 0) addWeighted(bytes, 1, tables, into);
      else mix({ index, placement, bytes, size, tables }, stream, into);
    }
  }
  return { shape: [views * indices.length, height, width, 3], data: out };
}

const augmix: Mix = ({ bytes, size, tables }, rng, out) =>
  applyMixture(bytes, size, drawMixture(rng, size), tables, out);
