import type { ImageSize } from './operation.js';

/** [a, b, c, d, e, f]: the place (x, y) of the result shows (a x + b y + c, d x + e y + f) of the image. */
export type InverseAffine = readonly [number, number, number, number, number, number];

/**
 * Moves an image by an affine map, bilinear, as Pillow's `transform` does: places are centres of pixels, beyond the
 * image it is black, within half a pixel of its border the border's pixels count, and fractions of a byte are cut off.
 * @param image [height, width, 3]
 * @param out [height, width, 3]; must not be `image`
 */
export function inverseAffine(
  image: Uint8Array,
  { height, width }: ImageSize,
  [a, b, c, d, e, f]: InverseAffine,
  out: Uint8Array,
): void {
  let at = 0;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++, at += 3) {
      const x = a * (column + 0.5) + b * (row + 0.5) + c;
      const y = d * (column + 0.5) + e * (row + 0.5) + f;
      if (!(x >= 0 && x < width && y >= 0 && y < height)) {
        out[at] = out[at + 1] = out[at + 2] = 0;
        continue;
      }
      // Places are not below -1/2 here, and whole-number operations are much quicker than Math.floor.
      const left = x < 0.5 ? -1 : (x - 0.5) | 0;
      const top = y < 0.5 ? -1 : (y - 0.5) | 0;
      const right = x - 0.5 - left;
      const below = y - 0.5 - top;
      const upper = top < 0 ? 0 : top * width;
      const lower = top + 1 < height ? (top + 1) * width : upper;
      const first = left < 0 ? 0 : left;
      const second = left + 1 < width ? left + 1 : first;
      const upperLeft = (upper + first) * 3;
      const upperRight = (upper + second) * 3;
      const lowerLeft = (lower + first) * 3;
      const lowerRight = (lower + second) * 3;
      for (let k = 0; k < 3; k++) {
        const u = image[upperLeft + k]!;
        const l = image[lowerLeft + k]!;
        const onUpper = u + (image[upperRight + k]! - u) * right;
        const onLower = l + (image[lowerRight + k]! - l) * right;
        out[at + k] = (onUpper + (onLower - onUpper) * below) | 0;
      }
    }
  }
}
