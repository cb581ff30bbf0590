import { describe, expect, it } from 'vitest';

import { mirrorHalf, replicate } from '../../../../src/noises/ops/border.js';
import { gaussianSmooth, gaussianWeights } from '../../../../src/noises/ops/gaussian.js';

describe('the weights', () => {
  it.each([
    [0.05, 4, 0],
    [0.25, 4, 1],
    [0.9, 4, 4],
    [6.4, 3, 19],
    [19.2, 3, 58],
  ])('of sigma %s cut at %s have radius %s', (sigma, truncate, radius) => {
    expect(gaussianWeights(sigma, truncate)).toHaveLength(radius + 1);
  });

  it.each([0.25, 0.4, 0.5, 0.6, 0.7, 0.9, 6.4])('of sigma %s are exp(-k²/2sigma²), normalised', (sigma) => {
    const weights = gaussianWeights(sigma, 4);
    const total = weights.reduce((sum, weight, k) => sum + (k === 0 ? weight : 2 * weight), 0);
    expect(Math.abs(total - 1)).toBeLessThan(1e-14);
    weights.forEach((weight, k) => {
      const expected = Math.exp((-k * k) / (2 * sigma * sigma));
      expect(Math.abs(weight / weights[0]! / expected - 1)).toBeLessThan(1e-13);
    });
  });
});

describe('smoothing', () => {
  const weights = Float64Array.of(0.5, 0.25);

  it('is separable, and spreads a point over rows and columns of its channel', () => {
    const data = new Float64Array(5 * 5 * 2);
    data[(2 * 5 + 2) * 2 + 1] = 16;
    gaussianSmooth(data, 5, 5, 2, weights, replicate);
    expect(Array.from(data).filter((_, i) => i % 2 === 0)).toEqual(Array(25).fill(0));
    expect(Array.from(data).filter((_, i) => i % 2 === 1)).toEqual(
      [
        [0, 0, 0, 0, 0],
        [0, 1, 2, 1, 0],
        [0, 2, 4, 2, 0],
        [0, 1, 2, 1, 0],
        [0, 0, 0, 0, 0],
      ].flat(),
    );
  });

  it('uses the border that it is given, also where the radius is larger than the image', () => {
    const row = Float64Array.of(8, 0);
    const wide = Float64Array.of(0.4, 0.1, 0.1, 0.1);
    gaussianSmooth(row, 1, 2, 1, wide, mirrorHalf);
    // The row goes on as b b a [a b] b a a; down the one-pixel columns the weights sum to 1.
    expect(Array.from(row, (v) => Math.round(v * 1e9) / 1e9)).toEqual([4.8, 3.2]);
  });
});
