import { expect, test } from 'vitest';

import { Rng } from '../../../../src/core/rng.js';
import { bootstrapAccuracies } from '../../../../src/report/accuracy.js';
import { scopesOf } from '../../../../src/report/scopes.js';
import { comparisonRows, type ComparisonRow } from '../../../../src/report/tables/comparisons.js';
import { environment, evaluation, method, type Row } from '../evaluations.js';

/** 40 images that the original gets wrong, of which the method mends the first `mended`. */
function mending(name: string, mended: number, where = 'fog'): ReturnType<typeof evaluation> {
  const noisy = Array.from({ length: 40 }, (_, image): Row => [image, 1, 0, 1, image < mended ? 0 : 1]);
  const clean = noisy.map((): [number, number, number] => [0, 0, 0]);
  return evaluation({ method: name, environment: where, noisy, clean });
}

function compare(evaluations: ReturnType<typeof evaluation>[], ...controls: string[]): ComparisonRow[] {
  const names = [...new Set(evaluations.map((one) => one.method))];
  return comparisonRows(
    bootstrapAccuracies(evaluations, new Rng(1, 'test')),
    names.map((name) => method(name, controls.includes(name))),
    scopesOf([environment('fog'), environment('snow')]),
    (name, where) => evaluations.some((one) => one.method === name && one.environment === where),
    () => true,
  );
}

test('won, lost and unresolved, with the difference and its interval', () => {
  const rows = compare(
    [mending('patchnas', 20), mending('original', 0), mending('finetune', 36), mending('reseed', 21)],
    'original',
    'finetune',
    'reseed',
  ).filter((row) => row.measure === 'heldOut');
  expect(rows.map((row) => [row.other, row.difference.mean, row.verdict])).toEqual([
    ['original', 0.5, 'won'],
    ['finetune', -0.4, 'lost'],
    ['reseed', expect.closeTo(-0.025, 12), 'unresolved'],
  ]);
  // The standard error of 20 of 40 is 7.9 points.
  const { low, high } = rows[0]!.difference;
  expect(low).toBeGreaterThan(0.3);
  expect(low).toBeLessThan(0.39);
  expect(high).toBeGreaterThan(0.61);
  expect(high).toBeLessThan(0.7);
});

test('no difference at all is unresolved', () => {
  const rows = compare([mending('patchnas', 20), mending('original', 0)], 'original');
  const clean = rows.find((row) => row.measure === 'clean');
  expect(clean).toMatchObject({ verdict: 'unresolved', difference: { mean: 0, low: 0, high: 0 } });
});

test('every method that is no control against the methods after it and the controls', () => {
  const rows = compare(
    ['original', 'patchnas', 'augmix', 'reseed'].map((name) => mending(name, 10)),
    'original',
    'reseed',
  );
  const pairs = new Set(rows.map((row) => `${row.method} - ${row.other}`));
  expect([...pairs]).toEqual([
    'patchnas - augmix',
    'patchnas - original',
    'patchnas - reseed',
    'augmix - original',
    'augmix - reseed',
  ]);
});

test('an average is over the environments that both were run in, and needs two of them', () => {
  const rows = compare(
    [
      mending('patchnas', 20),
      mending('patchnas', 30, 'snow'),
      mending('original', 0),
      mending('original', 0, 'snow'),
      mending('tent', 0, 'snow'),
    ],
    'original',
    'tent',
  ).filter((row) => row.measure === 'heldOut');
  expect(rows.map((row) => [row.other, row.scope, row.environments, row.difference.mean])).toEqual([
    ['original', 'fog', 1, 0.5],
    ['original', 'snow', 1, 0.75],
    ['original', 'average', 2, 0.625],
    ['tent', 'snow', 1, 0.75],
  ]);
});
