import { expect, test } from 'vitest';

import { apart } from '../../../../src/report/figures/end-labels.js';

const labels = (...ys: number[]) => ys.map((y) => ({ text: '', y }));

test('labels that stand apart stay where they are', () => {
  expect(apart(labels(50, 10, 30), 5, [0, 100])).toEqual([50, 10, 30]);
});

test('labels on each other move up in their order, those at the top down', () => {
  expect(apart(labels(10, 10, 12), 5, [0, 100])).toEqual([10, 15, 20]);
  expect(apart(labels(99, 98, 97), 5, [0, 100])).toEqual([100, 95, 90]);
});
