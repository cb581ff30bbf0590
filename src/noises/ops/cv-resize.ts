import type { ImageSize } from '../noise.js';
import { roundHalfEven } from './rounding.js';

/** The size that a picture of that size is scaled to. */
export function scaledSize({ height, width }: ImageSize, scale: number): ImageSize {
  return { height: roundHalfEven(height * scale), width: roundHalfEven(width * scale) };
}

interface Axis {
  readonly low: Int32Array;
  readonly high: Int32Array;
  /** Of the higher input, in 2048ths. */
  readonly weight: Int32Array;
}

function axis(n: number, m: number, scale: number): Axis {
  const low = new Int32Array(m);
  const high = new Int32Array(m);
  const weight = new Int32Array(m);
  for (let i = 0; i < m; i++) {
    const position = Math.fround((i + 0.5) / scale - 0.5);
    const floor = Math.floor(position);
    low[i] = Math.min(Math.max(floor, 0), n - 1);
    high[i] = Math.min(Math.max(floor + 1, 0), n - 1);
    weight[i] = roundHalfEven((position - floor) * 2048);
  }
  return { low, high, weight };
}

/**
 * OpenCV's bilinear resize of RGB bytes by one factor, in its fixed point; it does not smooth before it skips pixels.
 * @param image [size.height, size.width, 3]
 * @returns [scaled height, scaled width, 3] as `scaledSize` gives them
 */
export function bilinearResize(image: Uint8Array, size: ImageSize, scale: number): Uint8Array {
  const { height, width } = scaledSize(size, scale);
  const rows = axis(size.height, height, scale);
  const columns = axis(size.width, width, scale);
  const out = new Uint8Array(height * width * 3);
  let at = 0;
  for (let r = 0; r < height; r++) {
    const upper = rows.low[r]! * size.width;
    const lower = rows.high[r]! * size.width;
    const down = rows.weight[r]!;
    for (let c = 0; c < width; c++) {
      const left = columns.low[c]!;
      const right = columns.high[c]!;
      const toRight = columns.weight[c]!;
      for (let k = 0; k < 3; k++) {
        const h0 =
          (2048 - toRight) * image[(upper + left) * 3 + k]! + toRight * image[(upper + right) * 3 + k]!;
        const h1 =
          (2048 - toRight) * image[(lower + left) * 3 + k]! + toRight * image[(lower + right) * 3 + k]!;
        out[at++] = ((((2048 - down) * (h0 >> 4)) >> 16) + ((down * (h1 >> 4)) >> 16) + 2) >> 2;
      }
    }
  }
  return out;
}
