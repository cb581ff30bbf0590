import { describe, expect, it } from 'vitest';

import { epochBatches, stepsPerEpoch, tuningPool } from '../../../src/baselines/tuning-pool.js';
import type { Budget, TuningContext } from '../../../src/baselines/baseline.js';
import { Rng } from '../../../src/core/rng.js';
import { randomImages } from '../../support/images.js';

const train = {
  images: randomImages(new Rng(1, 'train'), 20, 2, 2),
  labels: Uint8Array.from(Array(20).keys()),
};
const failures = {
  images: randomImages(new Rng(1, 'failures'), 3, 2, 2),
  labels: Uint8Array.of(100, 101, 102),
};
const pool = (trainSubset: Budget['trainSubset'], seed = 1) =>
  tuningPool({ train, failures, budget: { trainSubset }, rng: new Rng(seed, 'baseline') } as TuningContext);

describe('the pool', () => {
  it('is D_t, then D_e', () => {
    const all = pool('all');
    expect(all.trainCount).toBe(20);
    expect([...all.labels]).toEqual([...train.labels, 100, 101, 102]);
    expect([...all.images.data]).toEqual([...train.images.data, ...failures.images.data]);
  });

  it('has a random part of D_t by the stream, each image with its label', () => {
    const part = pool(8);
    expect([part.trainCount, part.labels.length, part.images.shape]).toEqual([8, 11, [11, 2, 2, 3]]);
    const chosen = [...part.labels].slice(0, 8);
    expect(new Set(chosen).size).toBe(8);
    chosen.forEach((n, k) =>
      expect(part.images.data.slice(k * 12, (k + 1) * 12)).toEqual(
        train.images.data.slice(n * 12, (n + 1) * 12),
      ),
    );
    expect([...part.labels].slice(8)).toEqual([100, 101, 102]);
    expect(pool(8)).toEqual(part);
    expect(pool(8, 2).labels).not.toEqual(part.labels);
  });

  it('is no larger than D_t', () => {
    expect(pool(99).labels.length).toBe(23);
  });
});

describe('the batches of a pass', () => {
  const all = pool('all');
  const batches = (failureShare: 'pooled' | number, batch = 8, seed = 1) =>
    epochBatches(all, { batch, failureShare }, new Rng(seed, 'order/0'));

  it('are whole ones; a pool that is smaller is one', () => {
    expect(stepsPerEpoch(all, 8)).toBe(2);
    expect(stepsPerEpoch(all, 64)).toBe(1);
    expect(batches('pooled').map(({ length }) => length)).toEqual([8, 8]);
    expect(batches('pooled', 64).map(({ length }) => length)).toEqual([23]);
  });

  it('have each image at most once where they are pooled', () => {
    const seen = batches('pooled').flatMap((batch) => [...batch]);
    expect(new Set(seen).size).toBe(16);
    expect(batches('pooled', 8, 2)).not.toEqual(batches('pooled'));
  });

  it('have the share of D_e where they are balanced', () => {
    for (const batch of batches(0.25)) {
      expect(batch.length).toBe(8);
      expect([...batch].filter((k) => k >= 20).length).toBe(2);
      expect(new Set(batch).size).toBe(8);
    }
    expect(batches(0.01)[0]!.filter((k) => k >= 20).length).toBe(1);
  });

  it('are as many in both forms', () => {
    expect(batches(0.25).length).toBe(batches('pooled').length);
  });
});
