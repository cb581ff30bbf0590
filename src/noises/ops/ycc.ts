import type { ImageSize } from '../noise.js';

/** A factor with 16 bits behind the point. */
const fix = (value: number): number => Math.floor(value * 65536 + 0.5);

const yR = fix(0.299);
const yG = fix(0.587);
const yB = fix(0.114);
const cbR = fix(0.16874);
const cbG = fix(0.33126);
const crG = fix(0.41869);
const crB = fix(0.08131);
const half = fix(0.5);
const redFromCr = fix(1.402);
const blueFromCb = fix(1.772);
const greenFromCb = fix(0.34414);
const greenFromCr = fix(0.71414);

/**
 * RGB to the planes of JPEG's YCbCr, in libjpeg's fixed point; pixels beyond the image repeat its edge.
 * @param image [size.height, size.width, 3]
 * @param y [height, width], like `cb` and `cr`
 */
export function rgbToYcc(
  image: Uint8Array,
  size: ImageSize,
  width: number,
  height: number,
  y: Uint8Array,
  cb: Uint8Array,
  cr: Uint8Array,
): void {
  let at = 0;
  for (let r = 0; r < height; r++) {
    const row = Math.min(r, size.height - 1) * size.width;
    for (let c = 0; c < width; c++, at++) {
      const from = (row + Math.min(c, size.width - 1)) * 3;
      const red = image[from]!;
      const green = image[from + 1]!;
      const blue = image[from + 2]!;
      y[at] = (yR * red + yG * green + yB * blue + 32768) >> 16;
      cb[at] = (half * blue - cbR * red - cbG * green + 128 * 65536 + 32767) >> 16;
      cr[at] = (half * red - crG * green - crB * blue + 128 * 65536 + 32767) >> 16;
    }
  }
}

/**
 * The planes back to RGB.
 * @param y rows of `width` bytes, like `cb` and `cr`
 * @param out [size.height, size.width, 3]
 */
export function yccToRgb(
  y: Uint8Array,
  cb: Uint8Array,
  cr: Uint8Array,
  width: number,
  size: ImageSize,
  out: Uint8Array,
): void {
  let to = 0;
  for (let r = 0; r < size.height; r++) {
    for (let c = 0; c < size.width; c++, to += 3) {
      const at = r * width + c;
      const luma = y[at]!;
      const b = cb[at]! - 128;
      const d = cr[at]! - 128;
      out[to] = clamp(luma + ((redFromCr * d + 32768) >> 16));
      out[to + 1] = clamp(luma + ((-greenFromCb * b - greenFromCr * d + 32768) >> 16));
      out[to + 2] = clamp(luma + ((blueFromCb * b + 32768) >> 16));
    }
  }
}

function clamp(value: number): number {
  return value < 0 ? 0 : value > 255 ? 255 : value;
}
