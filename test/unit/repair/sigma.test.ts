import { describe, expect, it } from 'vitest';

import { resolveSigma } from '../../../src/repair/sigma.js';

// Values of numpy.quantile(scores, q).
const scores = Float64Array.of(0.7, 3.1, 0.02, 1.9, 0.7, 12.5, 2.25);

describe('resolveSigma', () => {
  it.each([
    [0.5, 1.9],
    [0.25, 0.7],
    [0.9, 6.860000000000003],
    [0.95, 9.679999999999993],
    [0.975, 11.089999999999996],
    [0.1, 0.42800000000000005],
  ])("takes the %f quantile as NumPy's default does", (quantile, expected) => {
    expect(resolveSigma({ quantile }, scores)).toBeCloseTo(expected, 12);
  });

  it('sorts as numbers and leaves the scores as they were', () => {
    const given = Float64Array.of(10, 9, 100);
    expect(resolveSigma({ quantile: 0.5 }, given)).toBe(10);
    expect(given).toEqual(Float64Array.of(10, 9, 100));
  });

  it('of a single score is that score', () => {
    expect(resolveSigma({ quantile: 0.95 }, Float64Array.of(4))).toBe(4);
  });

  it('takes a number as it is', () => {
    expect(resolveSigma({ value: 1.9 }, new Float64Array())).toBe(1.9);
  });

  it('refuses a quantile of nothing', () => {
    expect(() => resolveSigma({ quantile: 0.95 }, new Float64Array())).toThrow(
      "a quantile needs at least one clean sample outside of the gate's training",
    );
  });
});
