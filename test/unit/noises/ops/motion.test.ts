import { describe, expect, it } from 'vitest';

import { motionBlur, motionWeights } from '../../../../src/noises/ops/motion.js';

const size = { height: 5, width: 5 };
const third = Float64Array.of(1 / 3, 1 / 3, 1 / 3);

function smeared(angleDeg: number, at: number): number[] {
  const point = new Uint8Array(25);
  point[at] = 90;
  const out = new Uint8Array(25);
  motionBlur(point, size, 1, third, angleDeg, out);
  return Array.from(out, (value, i) => (value > 0 ? i : -1)).filter((i) => i >= 0);
}

it.each([
  [6, 13],
  [9, 19],
  [9.5, 21],
])('radius %s has %s weights that fall and sum to 1', (radius, count) => {
  const weights = motionWeights(radius, 2);
  expect(weights).toHaveLength(count);
  expect(weights.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 14);
  expect(weights.every((weight, i) => i === 0 || weight < weights[i - 1]!)).toBe(true);
});

describe('a point', () => {
  it('is smeared to one side only, against the direction of sampling', () => {
    expect(smeared(0, 12)).toEqual([10, 11, 12]);
  });

  it('is smeared along columns at -90 degrees, downward', () => {
    expect(smeared(-90, 7)).toEqual([7, 12, 17]);
  });

  it('is smeared along the diagonal at 45 degrees, by nearest neighbours', () => {
    expect(smeared(45, 18)).toEqual([12, 18]);
  });
});

it('rounds twice, to the nearest', () => {
  const out = new Uint8Array(1);
  motionBlur(Uint8Array.of(200), { height: 1, width: 1 }, 1, Float64Array.of(0.4975), 0, out);
  expect(out[0]).toBe(100); // 99.5
});
