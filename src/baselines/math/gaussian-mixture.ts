import type { NdArray } from '../../core/npy.js';
import type { Rng } from '../../core/rng.js';

/** k normal distributions in d dimensions, each with variances of its own and no covariance. */
export interface GaussianMixture {
  /** [k]; they add up to 1. */
  readonly weights: Float64Array;
  /** [k, d] */
  readonly means: NdArray<Float64Array>;
  /** [k, d] */
  readonly variances: NdArray<Float64Array>;
}

export interface FittedMixture extends GaussianMixture {
  /** Mean over points of the log density that the last E step found. */
  readonly logDensity: number;
}

export interface FitOptions {
  /** Added to every variance, so that none is below it. */
  readonly floor: number;
  readonly iterations: number;
  /** Ends when the mean log density of a point grows by less. */
  readonly tolerance: number;
}

/**
 * Expectation maximisation, with the order of steps and the end of scikit-learn's.
 * @param points [n, d]
 */
export function fitMixture(
  points: NdArray<Float64Array>,
  start: GaussianMixture,
  { floor, iterations, tolerance }: FitOptions,
): FittedMixture {
  let mixture = start;
  let logDensity = -Infinity;
  for (let i = 0; i < iterations; i++) {
    const found = memberships(points, mixture);
    mixture = fromMemberships(points, found.shares, floor);
    const gain = found.logDensity - logDensity;
    logDensity = found.logDensity;
    if (Math.abs(gain) < tolerance) break;
  }
  return { ...mixture, logDensity };
}

/** The mixture of one normal distribution for each cluster. @param labels the cluster of each point, 0 to k - 1 */
export function mixtureOfClusters(
  points: NdArray<Float64Array>,
  labels: ArrayLike<number>,
  k: number,
  floor: number,
): GaussianMixture {
  const n = points.shape[0]!;
  const shares = { shape: [n, k], data: new Float64Array(n * k) };
  for (let p = 0; p < n; p++) shares.data[p * k + labels[p]!] = 1;
  return fromMemberships(points, shares, floor);
}

/** One point of the mixture: [d]. Draws the component, then a normal number for each dimension. */
export function drawPoint(rng: Rng, { weights, means, variances }: GaussianMixture): Float64Array {
  const d = means.shape[1]!;
  const at = rng.double();
  let component = 0;
  for (let below = weights[0]!; at >= below && component < weights.length - 1; below += weights[component]!)
    component++;
  return Float64Array.from({ length: d }, (_, i) => {
    const k = component * d + i;
    return means.data[k]! + Math.sqrt(variances.data[k]!) * rng.normal();
  });
}

/** E step: the share that each component has in each point, [n, k], and the mean log density. */
function memberships(points: NdArray<Float64Array>, { weights, means, variances }: GaussianMixture) {
  const [n, d] = points.shape as [number, number];
  const k = weights.length;
  const constants = Float64Array.from(weights, (weight, c) => {
    let logs = d * Math.log(2 * Math.PI);
    for (let i = 0; i < d; i++) logs += Math.log(variances.data[c * d + i]!);
    return Math.log(weight) - logs / 2;
  });
  const shares = new Float64Array(n * k);
  let total = 0;
  for (let p = 0; p < n; p++) {
    const row = shares.subarray(p * k, (p + 1) * k);
    for (let c = 0; c < k; c++) {
      let sum = 0;
      for (let i = 0; i < d; i++) {
        const difference = points.data[p * d + i]! - means.data[c * d + i]!;
        sum += (difference * difference) / variances.data[c * d + i]!;
      }
      row[c] = constants[c]! - sum / 2;
    }
    const highest = Math.max(...row);
    const logDensity = highest + Math.log(row.reduce((sum, value) => sum + Math.exp(value - highest), 0));
    for (let c = 0; c < k; c++) row[c] = Math.exp(row[c]! - logDensity);
    total += logDensity;
  }
  return { shares: { shape: [n, k], data: shares }, logDensity: total / n };
}

/** M step. */
function fromMemberships(
  points: NdArray<Float64Array>,
  shares: NdArray<Float64Array>,
  floor: number,
): GaussianMixture {
  const [n, d] = points.shape as [number, number];
  const k = shares.shape[1]!;
  // A component that has nothing keeps a share that can be divided by.
  const sums = new Float64Array(k).fill(10 * Number.EPSILON);
  const means = new Float64Array(k * d);
  const variances = new Float64Array(k * d);
  for (let p = 0; p < n; p++) for (let c = 0; c < k; c++) sums[c]! += shares.data[p * k + c]!;
  for (let p = 0; p < n; p++)
    for (let c = 0; c < k; c++) {
      const share = shares.data[p * k + c]! / sums[c]!;
      for (let i = 0; i < d; i++) means[c * d + i]! += share * points.data[p * d + i]!;
    }
  variances.fill(floor);
  for (let p = 0; p < n; p++)
    for (let c = 0; c < k; c++) {
      const share = shares.data[p * k + c]! / sums[c]!;
      for (let i = 0; i < d; i++) {
        const difference = points.data[p * d + i]! - means[c * d + i]!;
        variances[c * d + i]! += share * difference * difference;
      }
    }
  const total = sums.reduce((a, b) => a + b, 0);
  return {
    weights: sums.map((sum) => sum / total),
    means: { shape: [k, d], data: means },
    variances: { shape: [k, d], data: variances },
  };
}
