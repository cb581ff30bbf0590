import type { NdArray } from '../core/npy.js';
import type { Rng } from '../core/rng.js';

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
  const [count, height, width, channels] = dimensions(images);
  const rowBytes = width * channels;
  const imageBytes = height * rowBytes;
  const out = new Uint8Array(indices.length * imageBytes);
  const row = new Uint8Array((width + 2 * pad) * channels);
  const middle = row.subarray(pad * channels, pad * channels + rowBytes);

  for (let i = 0; i < indices.length; i++) {
    const index = indices[i]!;
    if (!(Number.isInteger(index) && index >= 0 && index < count))
      throw new RangeError(`augment: no image ${index} among ${count}`);
    const isMirrored = rng.bernoulli(0.5);
    const top = rng.int(2 * pad + 1) - pad;
    const left = rng.int(2 * pad + 1) * channels;
    const source = index * imageBytes;
    for (let y = Math.max(0, -top); y < Math.min(height, height - top); y++) {
      const from = source + (y + top) * rowBytes;
      middle.set(images.data.subarray(from, from + rowBytes));
      if (isMirrored) mirrorRow(middle, channels);
      out.set(row.subarray(left, left + rowBytes), i * imageBytes + y * rowBytes);
    }
  }
  return { shape: [indices.length, height, width, channels], data: out };
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
