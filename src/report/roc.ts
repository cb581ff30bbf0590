/**
 * Area under the ROC curve by Mann and Whitney's rank statistic: the chance that a random positive scores higher
 * than a random negative, ties counting half.
 * @returns 0 to 1; undefined where one of the groups is empty
 */
export function auc(positives: ArrayLike<number>, negatives: ArrayLike<number>): number | undefined {
  if (positives.length === 0 || negatives.length === 0) return undefined;
  const high = Float64Array.from(positives).sort();
  const low = Float64Array.from(negatives).sort();
  let below = 0; // negatives under the value
  let upTo = 0; // negatives under or equal to it
  let wins = 0;
  for (const value of high) {
    while (below < low.length && low[below]! < value) below++;
    while (upTo < low.length && low[upTo]! <= value) upTo++;
    wins += (below + upTo) / 2;
  }
  return wins / (high.length * low.length);
}

export interface RocPoint {
  /** Samples that score at least this are called failures. */
  readonly threshold: number;
  readonly falsePositiveRate: number;
  readonly truePositiveRate: number;
}

/**
 * The ROC curve: one point for each different score, from the strictest threshold (infinity: nothing is called a
 * failure) to the loosest. Straight lines between the points enclose exactly `auc`.
 */
export function rocPoints(positives: ArrayLike<number>, negatives: ArrayLike<number>): RocPoint[] {
  const high = Float64Array.from(positives).sort().reverse();
  const low = Float64Array.from(negatives).sort().reverse();
  const points: RocPoint[] = [{ threshold: Infinity, falsePositiveRate: 0, truePositiveRate: 0 }];
  let hits = 0;
  let alarms = 0;
  while (hits < high.length || alarms < low.length) {
    const threshold = Math.max(high[hits] ?? -Infinity, low[alarms] ?? -Infinity);
    while (hits < high.length && high[hits]! >= threshold) hits++;
    while (alarms < low.length && low[alarms]! >= threshold) alarms++;
    points.push({
      threshold,
      falsePositiveRate: low.length === 0 ? 0 : alarms / low.length,
      truePositiveRate: high.length === 0 ? 0 : hits / high.length,
    });
  }
  return points;
}
