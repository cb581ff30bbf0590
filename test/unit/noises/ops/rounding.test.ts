import { expect, it } from 'vitest';

import { roundHalfEven } from '../../../../src/noises/ops/rounding.js';

it('a half goes to the even neighbour', () => {
  expect([0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 94.5].map(roundHalfEven).map((v) => v + 0)).toEqual([
    0, 2, 2, 0, -2, -2, 94,
  ]);
});

it('all else goes to the nearest', () => {
  expect([2.4999, 2.5001, -2.4999, -2.5001, 3].map(roundHalfEven)).toEqual([2, 3, -2, -3, 3]);
});
