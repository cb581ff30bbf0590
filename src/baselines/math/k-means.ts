import type { NdArray } from '../../core/npy.js';
import type { Rng } from '../../core/rng.js';

export interface Clusters {
  /** [k, d] */
  readonly centres: NdArray<Float64Array>;
  /** The cluster of every point. */
  readonly labels: Uint32Array;
  /** Sum of squared distances of points to their centres. */
  readonly inertia: number;
}

/**
 * Lloyd's algorithm, until no point changes its cluster. A cluster without points gets the point that is farthest from
 * its centre, as in scikit-learn.
 * @param points [n, d]
 * @param start [k, d], k at most n
 */
export function kMeans(
  points: NdArray<Float64Array>,
  start: NdArray<Float64Array>,
  iterations = 300,
): Clusters {
  let centres = start;
  let near = nearest(points, centres);
  for (let i = 0; i < iterations; i++) {
    centres = meansOf(points, near, start.shape[0]!);
    const next = nearest(points, centres);
    const isSame = next.labels.every((label, p) => label === near.labels[p]);
    near = next;
    if (isSame) break;
  }
  return { centres, labels: near.labels, inertia: near.distances.reduce((a, b) => a + b, 0) };
}

/**
 * Centres to start from (k-means++, Arthur and Vassilvitskii 2007): the first is any point, each next one is drawn in
 * proportion to the squared distance from the centres so far; once all distances are 0, evenly.
 * @param points [n, d]
 * @returns k rows of `points`
 */
export function drawCentres(rng: Rng, points: NdArray<Float64Array>, k: number): NdArray<Float64Array> {
  const [n, d] = points.shape as [number, number];
  const data = new Float64Array(k * d);
  const distances = new Float64Array(n).fill(Infinity);
  let chosen = rng.int(n);
  for (let c = 0; c < k; c++) {
    if (c > 0) chosen = drawInProportion(rng, distances);
    data.set(points.data.subarray(chosen * d, (chosen + 1) * d), c * d);
    for (let p = 0; p < n; p++)
      distances[p] = Math.min(distances[p]!, squaredDistance(points.data, p * d, data, c * d, d));
  }
  return { shape: [k, d], data };
}

function drawInProportion(rng: Rng, shares: Float64Array): number {
  const at = rng.double();
  const sum = shares.reduce((a, b) => a + b, 0);
  if (sum === 0) return Math.floor(at * shares.length);
  let below = 0;
  let last = 0;
  for (let i = 0; i < shares.length; i++) {
    if (shares[i] === 0) continue;
    last = i;
    below += shares[i]!;
    if (at * sum < below) return i;
  }
  return last; // rounding may leave the end of the last share out
}

interface Nearest {
  readonly labels: Uint32Array;
  /** Squared. */
  readonly distances: Float64Array;
}

/** Of equally near centres the first. */
function nearest(points: NdArray<Float64Array>, centres: NdArray<Float64Array>): Nearest {
  const [n, d] = points.shape as [number, number];
  const labels = new Uint32Array(n);
  const distances = new Float64Array(n).fill(Infinity);
  for (let p = 0; p < n; p++) {
    for (let c = 0; c < centres.shape[0]!; c++) {
      const distance = squaredDistance(points.data, p * d, centres.data, c * d, d);
      if (distance >= distances[p]!) continue;
      distances[p] = distance;
      labels[p] = c;
    }
  }
  return { labels, distances };
}

/** The mean of each cluster's points. */
function meansOf(
  points: NdArray<Float64Array>,
  { labels, distances }: Nearest,
  k: number,
): NdArray<Float64Array> {
  const [n, d] = points.shape as [number, number];
  const members = labels.slice();
  const counts = new Uint32Array(k);
  for (const label of members) counts[label]!++;
  const farthest = Array.from(distances, (_, p) => p).sort((p, q) => distances[q]! - distances[p]!);
  for (const empty of [...counts.keys()].filter((c) => counts[c] === 0)) {
    const moved = farthest.find((p) => counts[members[p]!]! > 1)!;
    counts[members[moved]!]!--;
    members[moved] = empty;
    counts[empty] = 1;
  }
  const data = new Float64Array(k * d);
  for (let p = 0; p < n; p++)
    for (let i = 0; i < d; i++) data[members[p]! * d + i]! += points.data[p * d + i]! / counts[members[p]!]!;
  return { shape: [k, d], data };
}

function squaredDistance(a: Float64Array, i: number, b: Float64Array, j: number, d: number): number {
  let sum = 0;
  for (let k = 0; k < d; k++) {
    const difference = a[i + k]! - b[j + k]!;
    sum += difference * difference;
  }
  return sum;
}
