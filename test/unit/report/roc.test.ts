import { expect, test } from 'vitest';

import { Rng } from '../../../src/core/rng.js';
import { auc, rocPoints } from '../../../src/report/roc.js';

test('perfect, reversed and useless scores', () => {
  expect(auc([3, 4], [1, 2])).toBe(1);
  expect(auc([1, 2], [3, 4])).toBe(0);
  expect(auc([5, 5, 5], [5, 5])).toBe(0.5);
});

test('ties count half', () => {
  expect(auc([1, 2, 3], [2])).toBe(0.5);
  expect(auc([2, 3], [1, 2])).toBe(0.875);
});

test('an empty group has no area', () => {
  expect(auc([], [1])).toBeUndefined();
  expect(auc([1], [])).toBeUndefined();
});

test.each([0, 1, 2, 3, 4])(
  'seed %d: the area is the share of pairs in order, and what the curve encloses',
  (seed) => {
    const rng = new Rng(seed, 'roc');
    const draw = (n: number, shift: number): number[] => Array.from({ length: n }, () => shift + rng.int(12));
    const [positives, negatives] = [draw(1 + rng.int(40), 2), draw(1 + rng.int(40), 0)];
    let wins = 0;
    for (const p of positives) for (const n of negatives) wins += p > n ? 1 : p === n ? 0.5 : 0;
    const expected = wins / (positives.length * negatives.length);
    expect(auc(positives, negatives)).toBeCloseTo(expected, 12);

    const points = rocPoints(positives, negatives);
    let area = 0;
    for (const [i, { falsePositiveRate, truePositiveRate }] of points.entries()) {
      const before = points[i - 1];
      if (before === undefined) continue;
      area +=
        ((falsePositiveRate - before.falsePositiveRate) * (truePositiveRate + before.truePositiveRate)) / 2;
    }
    expect(area).toBeCloseTo(expected, 12);
  },
);

test('the points of a small curve', () => {
  expect(rocPoints([3, 1], [2, 1])).toEqual([
    { threshold: Infinity, falsePositiveRate: 0, truePositiveRate: 0 },
    { threshold: 3, falsePositiveRate: 0, truePositiveRate: 0.5 },
    { threshold: 2, falsePositiveRate: 0.5, truePositiveRate: 0.5 },
    { threshold: 1, falsePositiveRate: 1, truePositiveRate: 1 },
  ]);
});
