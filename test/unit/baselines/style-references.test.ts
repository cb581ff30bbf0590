import { describe, expect, it } from 'vitest';

import { drawReferences } from '../../../src/baselines/style-references.js';
import { Rng } from '../../../src/core/rng.js';

/** Images of one pixel: 0 to 5 dark or light of class 3, 6 and 7 of class 1, 8 alone. */
const bytes = [10, 11, 12, 200, 201, 202, 50, 50, 90];
const labels = [3, 3, 3, 3, 3, 3, 1, 1, 0];
const failures = {
  shape: [9, 1, 1, 3],
  data: Uint8Array.from(bytes.flatMap((value) => [value, value, 7])),
};
const drawn = (seed: number, clusters: number) =>
  drawReferences(new Rng(seed, 'references'), failures, labels, clusters);

describe('drawReferences', () => {
  it('draws one failure of each cluster of each class', () => {
    const seen = new Set<number>();
    for (let seed = 0; seed < 60; seed++) {
      const references = drawn(seed, 2);
      expect(references.length).toBe(4); // two failures that are equal are one cluster
      const [single, pair, ...clusters] = references;
      expect(single).toBe(8);
      expect([6, 7]).toContain(pair);
      expect(clusters.map((n) => n < 3).sort()).toEqual([false, true]);
      for (const reference of references) seen.add(reference);
    }
    expect([...seen].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('takes all failures of a class that has no more than clusters', () => {
    expect(drawn(1, 6).slice(2).sort()).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('draws for a class the same whatever the others are', () => {
    const some = { shape: [6, 1, 1, 3], data: failures.data.slice(0, 18) };
    const ofSome = drawReferences(new Rng(4, 'references'), some, labels.slice(0, 6), 2);
    expect(ofSome).toEqual(drawn(4, 2).slice(2));
  });
});
