import type { ImageSize } from '../noise.js';
import { roundHalfEven } from './rounding.js';

/** For each output index along one axis: the lower of the two inputs and the share of the upper one. */
interface Axis {
  readonly low: Int32Array;
  readonly high: Int32Array;
  readonly share: Float64Array;
}

/** How a picture is zoomed into: its middle cut out, and enlarged to its size again. */
export interface ZoomPlan {
  readonly rows: Axis;
  readonly columns: Axis;
}

/**
 * The plan of the reference's "clipped zoom" by a factor of 1 or more: the crop of ceil(n / factor) pixels, enlarged with its corners
 * on the corners to round(crop * factor) pixels, of which the first n are kept after the surplus is split.
 */
export function zoomPlan({ height, width }: ImageSize, factor: number): ZoomPlan {
  return { rows: axis(height, factor), columns: axis(width, factor) };
}

function axis(n: number, factor: number): Axis {
  const crop = Math.ceil(n / factor);
  const start = Math.floor((n - crop) / 2);
  const enlarged = roundHalfEven(crop * factor);
  const trim = Math.floor((enlarged - n) / 2);
  const ratio = enlarged > 1 ? (crop - 1) / (enlarged - 1) : 0;
  const low = new Int32Array(n);
  const high = new Int32Array(n);
  const share = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const position = (trim + i) * ratio;
    const floor = Math.floor(position);
    low[i] = start + Math.min(floor, crop - 1);
    high[i] = start + Math.min(floor + 1, crop - 1);
    share[i] = position - floor;
  }
  return { low, high, share };
}

/**
 * Zooms one-channel numbers, bilinear, in double precision.
 * @param data [height, width]
 * @param out [height, width]
 */
export function zoom({ rows, columns }: ZoomPlan, data: Float64Array, out: Float64Array): void {
  const width = columns.low.length;
  for (let r = 0; r < rows.low.length; r++) {
    const upper = rows.low[r]! * width;
    const lower = rows.high[r]! * width;
    const down = rows.share[r]!;
    const up = 1 - down;
    for (let c = 0; c < width; c++) {
      const left = columns.low[c]!;
      const right = columns.high[c]!;
      const wr = columns.share[c]!;
      const wl = 1 - wr;
      out[r * width + c] =
        data[upper + left]! * up * wl +
        data[upper + right]! * up * wr +
        data[lower + left]! * down * wl +
        data[lower + right]! * down * wr;
    }
  }
}
