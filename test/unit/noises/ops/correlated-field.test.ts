import { expect, it } from 'vitest';

import { Rng } from '../../../../src/core/rng.js';
import { bend, correlatedField, standardise } from '../../../../src/noises/ops/correlated-field.js';

it('standardised numbers have mean 0 and standard deviation 1', () => {
  const numbers = Float64Array.of(1, 2, 3, 6);
  standardise(numbers);
  expect(numbers.reduce((a, b) => a + b, 0)).toBeCloseTo(0, 12);
  expect(numbers.reduce((a, b) => a + b * b, 0)).toBeCloseTo(4, 12);
});

it('bending goes through the knots and straight on', () => {
  const numbers = Float64Array.of(-2, -1, 0, 0.5, 1, 2);
  bend(numbers, [
    [-1, 10],
    [0, 20],
    [1, 60],
  ]);
  expect([...numbers]).toEqual([0, 10, 20, 40, 60, 100]);
});

it('a field of white and smooth noise has the autocorrelation of its mixture', () => {
  const size = { height: 128, width: 128 };
  const field = correlatedField(new Rng(0, 'field'), size, [
    { sigma: 0, share: 0.5 },
    { sigma: 2, share: 0.5 },
  ]);
  standardise(field);
  for (const lag of [1, 2, 4]) {
    let sum = 0;
    let count = 0;
    for (let p = 0; p < field.length; p++) {
      if ((p % 128) + lag >= 128) continue;
      sum += field[p]! * field[p + lag]!;
      count++;
    }
    expect(Math.abs(sum / count - 0.5 * Math.exp((-lag * lag) / 16))).toBeLessThan(0.04);
  }
});
