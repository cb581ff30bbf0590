import { expect, test } from 'vitest';

import { changeBetween } from '../../../../src/report/compare/change.js';
import { wilson } from '../../../../src/report/statistics.js';

const estimate = (mean: number, low: number, high: number) => ({
  mean,
  low,
  high,
  sd: undefined,
  repeats: 1,
});

test("Newcombe's published example: 56 of 70 against 48 of 80, from their Wilson intervals", () => {
  const share = (hits: number, n: number) => {
    const { low, high } = wilson(hits / n, n);
    return estimate(hits / n, low, high);
  };
  const { mean, low, high, verdict } = changeBetween(share(48, 80), share(56, 70));
  expect([mean, low, high].map((value) => value.toFixed(4))).toEqual(['0.2000', '0.0524', '0.3339']);
  expect(verdict).toBe('higher');
});

test('the other way round it is the same with its sign turned', () => {
  const [a, b] = [estimate(0.3, 0.2, 0.45), estimate(0.6, 0.55, 0.7)];
  const [there, back] = [changeBetween(a, b), changeBetween(b, a)];
  expect(back.mean).toBeCloseTo(-there.mean, 12);
  expect(back.low).toBeCloseTo(-there.high, 12);
  expect(back.high).toBeCloseTo(-there.low, 12);
  expect([there.verdict, back.verdict]).toEqual(['higher', 'lower']);
});

test('intervals that lie in each other resolve nothing; two figures without spread always do', () => {
  expect(changeBetween(estimate(0.3, 0.2, 0.4), estimate(0.35, 0.25, 0.45)).verdict).toBe('unresolved');
  expect(changeBetween(estimate(0, 0, 0), estimate(0.001, 0.001, 0.001)).verdict).toBe('higher');
});
