import type { Border } from './border.js';
import { scratch } from './scratch.js';

/**
 * The weights of glass blur's Gaussians as the reference's machine had them, from the centre outward. Another exp
 * function changes their last bit, and flat areas of the output show that.
 */
const pinned = new Map<number, readonly number[]>([
  [0.25, [0.9993295245830858, 0.00033523770845720973]],
  [0.4, [0.9192179156927948, 0.040387616547241253, 3.4256063613481042e-6]],
  [0.5, [0.7865707258873423, 0.10645077197359151, 0.00026386508273735414]],
  [0.6, [0.6638183293849667, 0.1655245666589962, 0.0025662686485205363]],
  [0.7, [0.5698457838579462, 0.20539965263338858, 0.009618930814198498, 5.852462343990869e-5]],
  [
    0.9,
    [
      0.4432691776743569, 0.2391027221645975, 0.03752627700027392, 0.0017136432411788466,
      2.276875677129121e-5,
    ],
  ],
]);

/**
 * Half of a Gaussian kernel, from the centre outward: exp(-k²/(2 sigma²)), k = 0 … floor(truncate sigma + 1/2), so
 * normalised that the whole kernel sums to 1.
 */
export function gaussianWeights(sigma: number, truncate: number): Float64Array {
  const radius = Math.floor(truncate * sigma + 0.5);
  if (radius === 0) return Float64Array.of(1);
  const known = pinned.get(sigma);
  if (known?.length === radius + 1) return Float64Array.from(known);
  const weights = Float64Array.from({ length: radius + 1 }, (_, k) =>
    Math.exp((-0.5 / (sigma * sigma)) * (k * k)),
  );
  let sum = 0;
  for (let k = -radius; k <= radius; k++) sum += weights[Math.abs(k)]!;
  return weights.map((weight) => weight / sum);
}

const tallScratch = scratch((length) => new Float64Array(length));
const wideScratch = scratch((length) => new Float64Array(length));

/**
 * Gaussian smoothing of [rows, columns, channels] numbers in place, down the columns first, then along the rows. Each
 * output is the centre's share plus the pairs from the outermost inward, so that the rounding is SciPy's.
 */
export function gaussianSmooth(
  data: Float64Array,
  rows: number,
  columns: number,
  channels: number,
  weights: Float64Array,
  border: Border,
): void {
  const radius = weights.length - 1;
  if (radius === 0) return;
  const stride = columns * channels;
  const tall = tallScratch((rows + 2 * radius) * stride);
  for (let r = -radius; r < rows + radius; r++) {
    const from = border(r, rows) * stride;
    tall.set(data.subarray(from, from + stride), (r + radius) * stride);
  }
  for (let r = 0; r < rows; r++) {
    smoothSpan(tall, (r + radius) * stride, stride, weights, data, r * stride, stride);
  }
  const wide = wideScratch((columns + 2 * radius) * channels);
  for (let r = 0; r < rows; r++) {
    for (let c = -radius; c < columns + radius; c++) {
      const from = r * stride + border(c, columns) * channels;
      for (let k = 0; k < channels; k++) wide[(c + radius) * channels + k] = data[from + k]!;
    }
    smoothSpan(wide, radius * channels, channels, weights, data, r * stride, stride);
  }
}

/** out[to + i] = the smoothed number at source[from + i], i < length, whose neighbours lie `step` apart. */
function smoothSpan(
  source: Float64Array,
  from: number,
  step: number,
  weights: Float64Array,
  out: Float64Array,
  to: number,
  length: number,
): void {
  const centre = weights[0]!;
  const radius = weights.length - 1;
  for (let i = 0; i < length; i++) {
    let before = from + i - radius * step;
    let after = from + i + radius * step;
    let sum = source[from + i]! * centre;
    for (let k = radius; k > 0; k--) {
      sum += (source[before]! + source[after]!) * weights[k]!;
      before += step;
      after -= step;
    }
    out[to + i] = sum;
  }
}
