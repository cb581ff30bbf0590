import { expect, it } from 'vitest';

import { standardise } from '../../../../src/baselines/math/standardise.js';
import { pointsOf } from '../../../support/points.js';

it('standardise: every column gets mean 0 and variance 1, and one that does not vary becomes 0', () => {
  const points = pointsOf([
    [1, 0.1, 5],
    [3, 0.1, 6],
    [1, 0.1, 5],
    [3, 0.1, 8],
  ]);
  const before = points.data.slice();
  const { shape, data } = standardise(points);
  expect(shape).toEqual([4, 3]);
  const column = (i: number) => [0, 1, 2, 3].map((p) => data[3 * p + i]!);
  expect(column(0)).toEqual([-1, 1, -1, 1]);
  expect(column(1)).toEqual([0, 0, 0, 0]);
  expect(column(2)).toEqual([-1, 0, -1, 2].map((v) => v / Math.sqrt(1.5)));
  expect(points.data).toEqual(before);
});
