import { describe, expect, test } from 'vitest';

import {
  effectiveSamples,
  estimate,
  mean,
  quantile,
  spread,
  standardDeviation,
  verdict,
  wilson,
} from '../../../src/report/statistics.js';

test('mean and sample standard deviation of 2, 4, 4, 4, 5, 5, 7, 9', () => {
  const values = [2, 4, 4, 4, 5, 5, 7, 9];
  expect(mean(values)).toBe(5);
  expect(standardDeviation(values)).toBeCloseTo(Math.sqrt(32 / 7), 12);
});

test('one value has no standard deviation, none has no mean', () => {
  expect(standardDeviation([3])).toBeUndefined();
  expect(mean([])).toBeUndefined();
  expect(spread([undefined, 3])).toEqual({ mean: 3, sd: undefined, repeats: 1 });
  expect(spread([undefined])).toBeUndefined();
});

test('quantiles interpolate between order statistics', () => {
  expect([0, 0.25, 0.5, 0.9, 1].map((q) => quantile([1, 2, 3, 4], q))).toEqual([1, 1.75, 2.5, 3.7, 4]);
});

describe('wilson', () => {
  // Newcombe (1998), Table I, method 3: 81/263, 15/148, 0/20, 1/29.
  test.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('%d of %d', (hits, n, low, high) => {
    const interval = wilson(hits / n, n);
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  });
});

test('samples of different images count each, of one image once', () => {
  expect(effectiveSamples([4, 9, 2])).toBe(3);
  expect(effectiveSamples([7, 7, 7, 7])).toBe(1);
  expect(effectiveSamples([1, 1, 2])).toBeCloseTo(9 / 5, 12);
  expect(effectiveSamples([])).toBe(0);
});

describe('estimate', () => {
  test('averages the repeats within each resample', () => {
    // Observed 0.2 and 0.4; the resamples cancel out, so their mean never leaves 0.3.
    const up = Float64Array.of(0.2, 0.1, 0.2, 0.3);
    const down = Float64Array.of(0.4, 0.5, 0.4, 0.3);
    const result = estimate([up, down])!;
    expect(result.mean).toBeCloseTo(0.3, 12);
    expect(result.sd).toBeCloseTo(Math.SQRT2 / 10, 12);
    expect(result.repeats).toBe(2);
    expect(result.low).toBeCloseTo(0.3, 12);
    expect(result.high).toBeCloseTo(0.3, 12);
  });
  test('takes the 2.5 and 97.5 per cent points of the resamples', () => {
    const draws = Float64Array.from({ length: 1002 }, (_, i) => (i === 0 ? 500 : i - 1));
    expect(estimate([draws])).toEqual({ mean: 500, sd: undefined, repeats: 1, low: 25, high: 975 });
  });
  test('leaves out resamples without a sample', () => {
    expect(estimate([Float64Array.of(0.5, NaN, 0.25, 0.25)])).toMatchObject({ low: 0.25, high: 0.25 });
    expect(estimate([Float64Array.of(NaN, NaN)])).toBeUndefined();
    expect(estimate([])).toBeUndefined();
  });
});

test('a verdict needs an interval that leaves 0 out', () => {
  expect(verdict({ low: 0.001, high: 0.2 })).toBe('won');
  expect(verdict({ low: -0.2, high: -0.001 })).toBe('lost');
  expect(verdict({ low: 0, high: 0.2 })).toBe('unresolved');
  expect(verdict({ low: -0.1, high: 0 })).toBe('unresolved');
  expect(verdict({})).toBe('unresolved');
});
