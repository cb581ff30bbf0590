import type { Rng } from '../core/rng.js';
import { rowSize, type Images } from '../nn/batch.js';
import { cycle } from '../nn/cycle.js';
import type { LabelledImages, TuningContext } from './baseline.js';

/** What a whole network is tuned on: images of D_t, then those of D_e. */
export interface TuningPool extends LabelledImages {
  /** Images of D_t: from this number on they are failures. */
  readonly trainCount: number;
}

/** D_t, or the same random part of it for every method, and D_e. */
export function tuningPool({ train, failures, budget, rng }: TuningContext): TuningPool {
  const count = train.labels.length;
  const used = Math.min(count, budget.trainSubset === 'all' ? count : budget.trainSubset);
  const chosen =
    used === count
      ? Uint32Array.from({ length: count }, (_, n) => n)
      : rng.child('subset').sample(count, used);
  const row = rowSize(train.images);
  const data = new Uint8Array((used + failures.labels.length) * row);
  const labels = new Uint8Array(used + failures.labels.length);
  chosen.forEach((n, k) => {
    data.set(train.images.data.subarray(n * row, (n + 1) * row), k * row);
    labels[k] = train.labels[n]!;
  });
  data.set(failures.images.data, used * row);
  labels.set(failures.labels, used);
  const images: Images = { shape: [labels.length, ...train.images.shape.slice(1)], data };
  return { images, labels, trainCount: used };
}

/** Steps of a pass: whole batches only, and a small pool is one batch. */
export function stepsPerEpoch({ labels }: TuningPool, batch: number): number {
  return Math.max(1, Math.floor(labels.length / batch));
}

/**
 * The batches of a pass, as places in the pool. Pooled: every image once, in random order. Balanced: the given share of
 * each batch from D_e, again and again, and the rest from D_t. A pass depends on its number only, so that a resumed
 * training draws the same.
 */
export function epochBatches(
  pool: TuningPool,
  { batch, failureShare }: { readonly batch: number; readonly failureShare: 'pooled' | number },
  rng: Rng,
): Uint32Array[] {
  const count = pool.labels.length;
  const size = Math.min(batch, count);
  const steps = stepsPerEpoch(pool, batch);
  if (failureShare === 'pooled') {
    const order = rng.permutation(count);
    return Array.from({ length: steps }, (_, step) => order.subarray(step * size, (step + 1) * size));
  }
  const failures = Math.max(1, Math.round(size * failureShare));
  const drawFailures = cycle(rng.child('failures'), count - pool.trainCount);
  const drawNormals = cycle(rng.child('normals'), pool.trainCount);
  return Array.from({ length: steps }, () =>
    Uint32Array.from([
      ...drawFailures(failures).map((k) => pool.trainCount + k),
      ...drawNormals(size - failures),
    ]),
  );
}
