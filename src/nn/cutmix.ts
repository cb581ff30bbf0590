import type { NdArray } from '../core/npy.js';
import type { Rng } from '../core/rng.js';

/** Every random number that one batch needs. */
export interface CutMix {
  /** The image of the batch that each image takes its box from: a permutation of the batch. */
  readonly partners: Uint32Array;
  /** One for the whole batch. */
  readonly box: Box;
}

/** In pixels, without the row `bottom` and the column `right`. */
export interface Box {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

/**
 * CutMix (Yun et al. 2019): a box whose share of the image is uniform, around a centre that is uniform in the image,
 * cut off at its border.
 * @param n images of the batch
 */
export function drawCutMix(rng: Rng, n: number, height: number, width: number): CutMix {
  const side = Math.sqrt(1 - rng.double()); // lambda is Beta(1, 1)
  const partners = rng.permutation(n);
  const [left, right] = reach(rng, width, side);
  const [top, bottom] = reach(rng, height, side);
  return { partners, box: { top, left, bottom, right } };
}

/** From where to where the box reaches along one side of the image. */
function reach(rng: Rng, length: number, side: number): [number, number] {
  const half = Math.floor(Math.floor(length * side) / 2);
  const centre = rng.int(length);
  return [Math.max(0, centre - half), Math.min(length, centre + half)];
}

/**
 * Each image with the box of its partner.
 * @param images [n, height, width, channels], not changed
 */
export function applyCutMix(images: NdArray<Uint8Array>, { partners, box }: CutMix): NdArray<Uint8Array> {
  const [n, height, width, channels] = images.shape as readonly [number, number, number, number];
  const data = images.data.slice();
  for (let i = 0; i < n; i++) {
    for (let y = box.top; y < box.bottom; y++) {
      const from = ((partners[i]! * height + y) * width + box.left) * channels;
      const row = images.data.subarray(from, from + (box.right - box.left) * channels);
      data.set(row, ((i * height + y) * width + box.left) * channels);
    }
  }
  return { shape: images.shape, data };
}

/**
 * The share of an image that stays its own, lambda: its label counts so much in the loss, its partner's the rest.
 */
export function ownShare({ top, left, bottom, right }: Box, height: number, width: number): number {
  return 1 - ((bottom - top) * (right - left)) / (height * width);
}
