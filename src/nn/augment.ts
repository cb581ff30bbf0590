import type { NdArray } from '../core/npy.js';
import type { Rng } from '../core/rng.js';

/** Where an image is cut, and whether it is mirrored before. */
export interface Placement {
  readonly isMirrored: boolean;
  /** Row and column of the image, mirrored, that become the first ones; -pad to pad. */
  readonly top: number;
  readonly left: number;
}

/**
 * The standard CIFAR augmentation, as AugMix's reference code has it: each image is mirrored with probability 1/2, then
 * padded by `pad` black pixels on every side and cut back to its size at a random place. The padding is black
 * because it comes before the normalisation. Draws, image by image: mirrored, row, column.
 * @param images [N, height, width, channels], not changed
 * @param indices rows of `images` to take
 * @param rng the stream of this very batch (name it by epoch and step, so that a resumed run draws the same)
 * @returns [indices.length, height, width, channels]
 */
export function flipAndCrop(
  images: NdArray<Uint8Array>,
  indices: ArrayLike<number>,
  rng: Rng,
  pad = 4,
): NdArray<Uint8Array> {
  const [, height, width, channels] = dimensions(images);
  const imageBytes = height * width * channels;
  const out = new Uint8Array(indices.length * imageBytes);
  for (let i = 0; i < indices.length; i++)
    place(images, indices[i]!, drawPlacement(rng, pad), out.subarray(i * imageBytes, (i + 1) * imageBytes));
  return { shape: [indices.length, height, width, channels], data: out };
}

export function drawPlacement(rng: Rng, pad = 4): Placement {
  const isMirrored = rng.bernoulli(0.5);
  const top = rng.int(2 * pad + 1) - pad;
  const left = rng.int(2 * pad + 1) - pad;
  return { isMirrored, top, left };
}

/**
 * One image as a placement has it, black where it is cut beyond the image.
 * @param images [N, height, width, channels]
 * @param out [height, width, channels], written whole
 */
export function place(
  images: NdArray<Uint8Array>,
  index: number,
  { isMirrored, top, left }: Placement,
  out: Uint8Array,
): void {
  const [count, height, width, channels] = dimensions(images);
  if (!(Number.isInteger(index) && index >= 0 && index < count))
    throw new RangeError(`augment: no image ${index} among ${count}`);
  out.fill(0);
  const rowBytes = width * channels;
  const source = index * height * rowBytes;
  const firstColumn = Math.max(0, -left);
  const endColumn = Math.min(width, width - left);
  for (let y = Math.max(0, -top); y < Math.min(height, height - top); y++) {
    const row = source + (y + top) * rowBytes;
    for (let x = firstColumn; x < endColumn; x++) {
      const column = isMirrored ? width - 1 - (x + left) : x + left;
      for (let c = 0; c < channels; c++)
        out[y * rowBytes + x * channels + c] = images.data[row + column * channels + c]!;
    }
  }
}

/**
 * Mirrors every image left to right.
 * @param images [n, height, width, channels], not changed
 */
export function flipHorizontally(images: NdArray<Uint8Array>): NdArray<Uint8Array> {
  const [, , width, channels] = dimensions(images);
  const out = images.data.slice();
  const rowBytes = width * channels;
  for (let start = 0; start < out.length; start += rowBytes)
    mirrorRow(out.subarray(start, start + rowBytes), channels);
  return { shape: images.shape, data: out };
}

function mirrorRow(row: Uint8Array, channels: number): void {
  for (let left = 0, right = row.length - channels; left < right; left += channels, right -= channels) {
    for (let c = 0; c < channels; c++) {
      const held = row[left + c]!;
      row[left + c] = row[right + c]!;
      row[right + c] = held;
    }
  }
}

function dimensions(images: NdArray<Uint8Array>): readonly [number, number, number, number] {
  const [n, height, width, channels] = images.shape;
  if (images.shape.length !== 4)
    throw new RangeError(
      `augment: images must be [n, height, width, channels] but got [${images.shape.join(', ')}]`,
    );
  return [n!, height!, width!, channels!];
}
