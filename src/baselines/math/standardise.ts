import type { NdArray } from '../../core/npy.js';

/**
 * Every column less its mean and divided by its standard deviation (of n, not n - 1); a column that does not vary
 * becomes 0.
 * @param points [n, d], not changed
 */
export function standardise(points: NdArray<Float64Array>): NdArray<Float64Array> {
  const [n, d] = points.shape as [number, number];
  const data = points.data.slice();
  for (let i = 0; i < d; i++) {
    let mean = 0;
    for (let p = 0; p < n; p++) mean += data[p * d + i]! / n;
    let variance = 0;
    for (let p = 0; p < n; p++) variance += (data[p * d + i]! - mean) ** 2 / n;
    // Below this it is rounding of the mean.
    const varies = Math.sqrt(variance) > 1e-12 * Math.abs(mean);
    for (let p = 0; p < n; p++)
      data[p * d + i] = varies ? (data[p * d + i]! - mean) / Math.sqrt(variance) : 0;
  }
  return { shape: points.shape, data };
}
