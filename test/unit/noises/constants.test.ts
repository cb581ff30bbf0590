import { expect, it } from 'vitest';

import { constantFor, constantsSize } from '../../../src/noises/constants.js';

it.each([
  [32, 32, 32],
  [64, 64, 64],
  [28, 28, 32],
  [48, 48, 32],
  [49, 48, 64],
  [96, 96, 64],
  [20, 90, 64],
])('images of %s x %s take the constants for %s', (height, width, set) => {
  expect(constantsSize({ height, width })).toBe(set);
});

it('severity counts from 1', () => {
  const constants = { 32: [1, 2, 3, 4, 5], 64: [6, 7, 8, 9, 10] } as const;
  expect(constantFor<number>(constants, { height: 32, width: 32 }, 1)).toBe(1);
  expect(constantFor<number>(constants, { height: 64, width: 64 }, 5)).toBe(10);
});
