import { expect, it } from 'vitest';

import { byteOfUnit, unitOfByte } from '../../../../src/noises/ops/bytes.js';

it('every byte survives the way to the 0…1 scale and back', () => {
  expect(Array.from(unitOfByte, byteOfUnit)).toEqual([...Array(256).keys()]);
});

it('clips, and truncates instead of rounding', () => {
  expect([-1, 0, 0.999 / 255, 1.5 / 255, 0.9999, 1, 7, NaN].map(byteOfUnit)).toEqual([
    0, 0, 0, 1, 254, 255, 255, 0,
  ]);
});
