import type { ImageSize, NoDraws, Noise } from './noise.js';
import { scratch } from './ops/scratch.js';
import { zoomPlan, type ZoomPlan } from './ops/zoom.js';

/** How many zoom factors are averaged, from 1 in steps of a hundredth; the same for all sizes. */
const factorCounts = [7, 12, 16, 21, 26] as const;
/** What the reference's range of factors gives for the step; an exact 0.01 would change the largest crop. */
const step = 0.010000000000000009;

const pixels = scratch((length) => new Float32Array(length));
const sums = scratch((length) => new Float32Array(length));

const plans = new Map<string, ZoomPlan[]>();

function plansFor(size: ImageSize): ZoomPlan[] {
  const key = `${size.height}x${size.width}`;
  let found = plans.get(key);
  if (!found) {
    found = Array.from({ length: factorCounts[4] }, (_, i) => zoomPlan(size, 1 + i * step));
    plans.set(key, found);
  }
  return found;
}

/** Adds the zoomed picture, cast to single precision, to the sums. */
function addZoomed({ rows, columns }: ZoomPlan, image: Float32Array, into: Float32Array): void {
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
      const ul = (upper + left) * 3;
      const ur = (upper + right) * 3;
      const ll = (lower + left) * 3;
      const lr = (lower + right) * 3;
      const at = (r * width + c) * 3;
      for (let k = 0; k < 3; k++) {
        const value =
          image[ul + k]! * up * wl +
          image[ur + k]! * up * wr +
          image[ll + k]! * down * wl +
          image[lr + k]! * down * wr;
        into[at + k] = into[at + k]! + Math.fround(value);
      }
    }
  }
}

/** The mean of the image and its zooms, single precision throughout; factor 1 is among them, so it counts twice. */
export const zoomBlur: Noise<NoDraws> = {
  draw: () => undefined,

  apply(image, size, severity, _draws, out) {
    const { fround } = Math;
    const count = factorCounts[severity - 1]!;
    const values = pixels(image.length);
    for (let i = 0; i < image.length; i++) values[i] = image[i]! / 255;
    const sum = sums(image.length);
    sum.fill(0);
    const ready = plansFor(size);
    for (let i = 0; i < count; i++) addZoomed(ready[i]!, values, sum);
    for (let i = 0; i < image.length; i++) {
      const mean = fround(fround(values[i]! + sum[i]!) / (count + 1));
      out[i] = mean >= 1 ? 255 : fround(mean * 255);
    }
  },
};
