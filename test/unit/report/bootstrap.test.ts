import { expect, test } from 'vitest';

import { Rng } from '../../../src/core/rng.js';
import { dealUnits, maxUnits, resample } from '../../../src/report/bootstrap.js';
import { mean, standardDeviation } from '../../../src/report/statistics.js';

test('up to 2000 images are units of their own', () => {
  expect([...dealUnits(5, new Rng(1, 'units'))]).toEqual([0, 1, 2, 3, 4]);
});

test('more images are dealt into 2000 units of equal size, at random', () => {
  const unit = dealUnits(5 * maxUnits, new Rng(1, 'units'));
  const sizes = new Array<number>(maxUnits).fill(0);
  for (const u of unit) sizes[u]!++;
  expect(new Set(sizes)).toEqual(new Set([5]));
  const neighbours = unit.subarray(1).filter((u, i) => Math.abs(u - unit[i]!) <= 1);
  expect(neighbours.length).toBeLessThan(50); // 15 are expected
});

test('the observed sums come first, and every resample draws as many units as there are', () => {
  const columns = [Uint16Array.of(1, 1, 1, 1), Uint16Array.of(5, 0, 2, 0)];
  const [ones, counts] = resample(columns, 50, new Rng(3, 'draws'));
  expect([...ones!]).toEqual(new Array(51).fill(4));
  expect(counts![0]).toBe(7);
  expect(new Set(counts).size).toBeGreaterThan(5);
});

test('all columns see the same resamples', () => {
  const column = Uint16Array.from({ length: 30 }, (_, i) => i % 4);
  const double = column.map((count) => 2 * count);
  const [single, twice] = resample([column, double], 100, new Rng(3, 'draws'));
  expect([...twice!]).toEqual([...single!].map((sum) => 2 * sum));
});

test('the same stream gives the same resamples, another one others', () => {
  const column = Uint16Array.from({ length: 30 }, (_, i) => i % 4);
  const draw = (seed: number): number[] => [...resample([column], 20, new Rng(seed, 'draws'))[0]!];
  expect(draw(0)).toEqual(draw(0));
  expect(draw(0)).not.toEqual(draw(1));
});

test.each([1500, 8000])(
  'with %d images at 5 severities that stand or fall together, the spread is that of images, not of samples',
  (images) => {
    const rng = new Rng(11, 'made-up');
    const unit = dealUnits(images, rng.child('units'));
    const hits = new Uint16Array(Math.min(images, maxUnits));
    for (let image = 0; image < images; image++) if (rng.bernoulli(0.3)) hits[unit[image]!]! += 5;
    const sums = resample([hits], 1000, rng.child('draws'))[0]!;
    const shares = sums.subarray(1).map((sum) => sum / (5 * images));
    const expected = Math.sqrt((0.3 * 0.7) / images);
    expect(standardDeviation(shares)! / expected).toBeGreaterThan(0.9);
    expect(standardDeviation(shares)! / expected).toBeLessThan(1.1);
    expect(mean(shares)).toBeCloseTo(sums[0]! / (5 * images), 2);
  },
);

test('the sums are those of one column at a time, however large the counts and many the columns', () => {
  const rng = new Rng(5, 'made-up');
  for (const largest of [1, 40, 5000, 65_535])
    for (const units of [1, 7, 64]) {
      const columns = Array.from({ length: 11 }, () =>
        Uint16Array.from({ length: units }, () => rng.int(largest + 1)),
      );
      const ones = new Uint16Array(units).fill(1);
      const together = resample([...columns, ones], 40, new Rng(6, 'draws'));
      const alone = columns.map((column) => resample([column], 40, new Rng(6, 'draws'))[0]!);
      expect(together.slice(0, -1)).toEqual(alone);
      expect([...together.at(-1)!]).toEqual(new Array(41).fill(units));
      expect(alone.map((sums) => sums[0])).toEqual(
        columns.map((column) => column.reduce((sum, count) => sum + count, 0)),
      );
    }
});
