import type { Rng } from '../core/rng.js';
import { gather, type Images } from '../nn/batch.js';
import { drawCentres, kMeans } from './math/k-means.js';
import { standardise } from './math/standardise.js';
import { pointsOf } from './points.js';

/**
 * The failures that lend their style, as DeepRepair chooses them: those of each class, every number standardised over
 * the class, are put into clusters by K-means, and one of each cluster is drawn.
 * @param failures [n, height, width, 3]
 * @param labels the class of each failure
 * @param clusters of a class; as many as it has failures where these are fewer
 * @returns numbers of failures, class by class
 */
export function drawReferences(
  rng: Rng,
  failures: Images,
  labels: ArrayLike<number>,
  clusters: number,
): number[] {
  const classes = [...new Set(Array.from(labels))].sort((a, b) => a - b);
  return classes.flatMap((label) => {
    const stream = rng.child(label);
    const members = Array.from(labels, (_, n) => n).filter((n) => labels[n] === label);
    const points = standardise(pointsOf(gather(failures, members)));
    const k = Math.min(clusters, members.length);
    const found = kMeans(points, drawCentres(stream, points, k));
    const byCluster = Array.from({ length: k }, (_, c) => members.filter((_, p) => found.labels[p] === c));
    // Failures that are equal leave clusters without any.
    return byCluster
      .filter(({ length }) => length > 0)
      .map((cluster) => cluster[stream.int(cluster.length)]!);
  });
}
