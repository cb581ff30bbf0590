import { drawWholeStrength, withEitherSign, type ImageSize, type Operation } from './operation.js';

/** Shifts the image to the left by whole pixels, to the right by negative ones; black comes in. */
export const translateX: Operation = {
  name: 'translate_x',
  draw: (rng, { width }) => withEitherSign(rng, drawWholeStrength(rng, width / 3)),
  apply: (image, size, pixels, out) => shift(image, size, pixels, 0, out),
};

/** Shifts the image upwards by whole pixels, downwards by negative ones; black comes in. */
export const translateY: Operation = {
  name: 'translate_y',
  draw: (rng, { height }) => withEitherSign(rng, drawWholeStrength(rng, height / 3)),
  apply: (image, size, pixels, out) => shift(image, size, 0, pixels, out),
};

/** The pixel (x, y) of the result is (x + right, y + down) of the image. */
function shift(
  image: Uint8Array,
  { height, width }: ImageSize,
  right: number,
  down: number,
  out: Uint8Array,
): void {
  out.fill(0);
  const first = Math.max(0, -right);
  const length = Math.max(0, width - Math.abs(right));
  for (let y = Math.max(0, -down); y < Math.min(height, height - down); y++) {
    const from = ((y + down) * width + first + right) * 3;
    out.set(image.subarray(from, from + length * 3), (y * width + first) * 3);
  }
}
