import type { NdArray } from '../../core/npy.js';
import { symmetricEigen } from './symmetric-eigen.js';

/** The directions in which points vary most. */
export interface Pca {
  /** [d] */
  readonly mean: Float64Array;
  /** [k, d], of length 1, at right angles; in each the entry of largest size is positive. */
  readonly directions: NdArray<Float64Array>;
  /** Of the points along each direction, largest first (divided by n - 1). */
  readonly variances: Float64Array;
}

/**
 * Principal components by way of the n x n matrix of products of points, which is the small one for images.
 * @param points [n, d], n at least 2
 * @param most directions; fewer where the points vary in fewer
 */
export function fitPca(points: NdArray<Float64Array>, most: number): Pca {
  const [n, d] = points.shape as [number, number];
  const mean = meanOf(points);
  const centred = points.data.map((value, i) => value - mean[i % d]!);
  const row = (p: number) => centred.subarray(p * d, (p + 1) * d);
  const products = new Float64Array(n * n);
  for (let p = 0; p < n; p++)
    for (let q = 0; q <= p; q++) products[p * n + q] = products[q * n + p] = dot(row(p), row(q));
  const { values, vectors } = symmetricEigen(products, n);
  // What is below this share of the largest is rounding of 0.
  const smallest = values[0]! * n * 1e-14;
  const k = Math.min(most, d, values.filter((value) => value > smallest).length);
  const directions = new Float64Array(k * d);
  for (let c = 0; c < k; c++) {
    const direction = directions.subarray(c * d, (c + 1) * d);
    for (let p = 0; p < n; p++) {
      const weight = vectors[c * n + p]! / Math.sqrt(values[c]!);
      const from = row(p);
      for (let i = 0; i < d; i++) direction[i]! += weight * from[i]!;
    }
    if (entryOfLargestSize(direction) < 0) for (let i = 0; i < d; i++) direction[i]! *= -1;
  }
  return {
    mean,
    directions: { shape: [k, d], data: directions },
    variances: values.slice(0, k).map((value) => value / (n - 1)),
  };
}

/** Points as [n, k] numbers of variance 1 over the points that the directions are from. @param points [n, d] */
export function whiten(
  { mean, directions, variances }: Pca,
  points: NdArray<Float64Array>,
): NdArray<Float64Array> {
  const [n, d] = points.shape as [number, number];
  const k = variances.length;
  const out = new Float64Array(n * k);
  const centred = new Float64Array(d);
  for (let p = 0; p < n; p++) {
    for (let i = 0; i < d; i++) centred[i] = points.data[p * d + i]! - mean[i]!;
    for (let c = 0; c < k; c++)
      out[p * k + c] = dot(centred, directions.data.subarray(c * d, (c + 1) * d)) / Math.sqrt(variances[c]!);
  }
  return { shape: [n, k], data: out };
}

/** The point [d] of k numbers that `whiten` would give. */
export function unwhiten({ mean, directions, variances }: Pca, numbers: Float64Array): Float64Array {
  const d = mean.length;
  const point = mean.slice();
  for (let c = 0; c < variances.length; c++) {
    const weight = numbers[c]! * Math.sqrt(variances[c]!);
    const direction = directions.data.subarray(c * d, (c + 1) * d);
    for (let i = 0; i < d; i++) point[i]! += weight * direction[i]!;
  }
  return point;
}

function meanOf(points: NdArray<Float64Array>): Float64Array {
  const [n, d] = points.shape as [number, number];
  const mean = new Float64Array(d);
  for (let p = 0; p < n; p++) for (let i = 0; i < d; i++) mean[i]! += points.data[p * d + i]! / n;
  return mean;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function entryOfLargestSize(values: Float64Array): number {
  let largest = 0;
  for (const value of values) if (Math.abs(value) > Math.abs(largest)) largest = value;
  return largest;
}
