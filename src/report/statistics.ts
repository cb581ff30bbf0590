/** Mean of the values. @returns undefined where there are none. */
export function mean(values: ArrayLike<number>): number | undefined {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return values.length === 0 ? undefined : sum / values.length;
}

/** Sample standard deviation (n - 1 below the line). @returns undefined for fewer than two values, never 0. */
export function standardDeviation(values: ArrayLike<number>): number | undefined {
  if (values.length < 2) return undefined;
  const center = mean(values)!;
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i]! - center) ** 2;
  return Math.sqrt(sum / (values.length - 1));
}

/** Quantile with linear interpolation between order statistics (R's type 7). @param sorted ascending, not empty @param q 0 to 1 */
export function quantile(sorted: ArrayLike<number>, q: number): number {
  const position = (sorted.length - 1) * q;
  const below = Math.floor(position);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (high - low) * (position - below);
}

export interface Interval {
  readonly low: number;
  readonly high: number;
}

const z95 = 1.959963984540054;

/**
 * Wilson's 95 % interval of a share. Right only for independent samples: where a base image occurs several times,
 * pass `effectiveSamples` for n.
 * @param share observed, 0 to 1
 * @param n number of samples, above 0; need not be whole
 */
export function wilson(share: number, n: number): Interval {
  const z2 = z95 * z95;
  const center = (share + z2 / (2 * n)) / (1 + z2 / n);
  const half = (z95 / (1 + z2 / n)) * Math.sqrt((share * (1 - share)) / n + z2 / (4 * n * n));
  return { low: Math.max(0, center - half), high: Math.min(1, center + half) };
}

/**
 * Kish's effective number of samples when samples of one base image stand or fall together: (sum n_b)^2 / sum n_b^2.
 * The worst case, so that an interval made with it is rather too wide.
 * @param group base image of each sample
 */
export function effectiveSamples(group: readonly number[]): number {
  const counts = new Uint32Array(group.reduce((top, g) => Math.max(top, g + 1), 0));
  for (const g of group) counts[g]!++;
  const squares = counts.reduce((sum, count) => sum + count * count, 0);
  return group.length === 0 ? 0 : (group.length * group.length) / squares;
}

/** What is reported of a value that was measured once in each repeat. */
export interface Spread {
  readonly mean: number;
  /** Over repeats; undefined with one repeat. */
  readonly sd: number | undefined;
  readonly repeats: number;
}

/** Mean and standard deviation over repeats, leaving out what is undefined. @returns undefined where nothing is left. */
export function spread(values: readonly (number | undefined)[]): Spread | undefined {
  const known = values.filter((value) => value !== undefined);
  const center = mean(known);
  if (center === undefined) return undefined;
  return { mean: center, sd: standardDeviation(known), repeats: known.length };
}

/** A spread with the 95 % bootstrap interval of its mean. */
export interface Estimate extends Spread, Partial<Interval> {}

/**
 * The estimate of a bootstrapped statistic. In each resample the repeats see the same resampled base images, and
 * their mean is one draw; so the interval is for the draw of test images, with the repeats' splits, failures and
 * training as they were. What those add is in `sd`.
 * @param repeats one array a repeat: the observed value first, then one value a resample (`resample`); values that
 *   could not be formed are NaN and left out
 */
export function estimate(repeats: readonly Float64Array[]): Estimate | undefined {
  const base = spread(repeats.map((draws) => draws[0]).filter((value) => !Number.isNaN(value)));
  if (base === undefined) return undefined;
  const length = repeats[0]!.length;
  const means = new Float64Array(length - 1);
  for (const draws of repeats) for (let i = 1; i < length; i++) means[i - 1]! += draws[i]! / repeats.length;
  const sorted = means.filter((value) => !Number.isNaN(value)).sort();
  if (sorted.length === 0) return base;
  return { ...base, low: quantile(sorted, 0.025), high: quantile(sorted, 0.975) };
}

export type Verdict = 'won' | 'lost' | 'unresolved';

/** What a difference says in words: resolved only where its 95 % interval leaves 0 out. */
export function verdict(difference: Partial<Interval>): Verdict {
  if (difference.low !== undefined && difference.low > 0) return 'won';
  if (difference.high !== undefined && difference.high < 0) return 'lost';
  return 'unresolved';
}
