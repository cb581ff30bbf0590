import { expect, test } from 'vitest';

import { Rng } from '../../../../src/core/rng.js';
import { bootstrapAccuracies } from '../../../../src/report/accuracy.js';
import { scopesOf } from '../../../../src/report/scopes.js';
import { accuracyRows } from '../../../../src/report/tables/accuracy.js';
import { environment, evaluation, method, type Row } from '../evaluations.js';

const noisy: Row[] = [
  [0, 1, 0, 1, 0],
  [0, 2, 0, 1, 1],
  [1, 1, 1, 2, 0],
  [1, 3, 1, 1, 1],
  [1, 5, 1, 1, 2],
];

function rowsOf(
  evaluations: ReturnType<typeof evaluation>[],
  names: string[],
): ReturnType<typeof accuracyRows> {
  return accuracyRows(
    evaluations,
    bootstrapAccuracies(evaluations, new Rng(1, 'test'), 20),
    names.map((name) => method(name, name !== 'patchnas')),
    scopesOf([environment('fog'), environment('snow')]),
    () => true,
  );
}

test('before and after, and the share of the failures that the gate lets through', () => {
  const clean = [
    [0, 0, 0],
    [1, 0, 1],
  ] as const;
  const [row] = rowsOf([evaluation({ noisy, clean, flagged: [1, 0, 1, 0, 1] })], ['patchnas']);
  expect(row).toMatchObject({
    scope: 'fog',
    method: 'patchnas',
    heldOutSamples: 3,
    heldOut: { mean: 1 / 3, sd: undefined, repeats: 1 },
    triggered: { mean: 2 / 3, sd: undefined, repeats: 1 },
    rightKept: { mean: 1 / 2 },
    noisyBefore: { mean: 2 / 5 },
    noisy: { mean: 2 / 5 },
    cleanBefore: { mean: 1 / 2 },
    clean: { mean: 1 },
    combinedBefore: { mean: 3 / 7 },
    combined: { mean: 4 / 7 },
    isSearchTrained: true,
  });
});

test('no average for a method that was not run in every environment', () => {
  const rows = rowsOf(
    [
      evaluation({ noisy }),
      evaluation({ noisy, environment: 'snow' }),
      evaluation({ noisy, method: 'tent' }),
    ],
    ['patchnas', 'tent'],
  );
  expect(rows.map((row) => `${row.method} ${row.scope} ${row.heldOutSamples}`)).toEqual([
    'patchnas fog 3',
    'patchnas snow 3',
    'patchnas average 6',
    'tent fog 3',
  ]);
  expect(rows.map((row) => row.isSearchTrained)).toEqual([true, true, true, undefined]);
});

test('no failures at all: nothing to mend, and an empty cell', () => {
  const right = noisy.slice(3);
  const [row] = rowsOf([evaluation({ noisy: right })], ['patchnas']);
  expect(row).toMatchObject({ heldOutSamples: 0, heldOut: undefined, triggered: undefined });
});

test('a bound is never marked as the best, and takes the mark from nobody', () => {
  // Twenty failures, each on an image of its own: the bound mends all, one method most, the original none.
  const failures = (mended: number) =>
    Array.from({ length: 20 }, (_, n): Row => [n, 1, 0, 1, n < mended ? 0 : 1]);
  const evaluations = [
    evaluation({ method: 'gate-oracle', noisy: failures(20) }),
    evaluation({ method: 'patchnas', noisy: failures(15) }),
    evaluation({ method: 'original', noisy: failures(0) }),
  ];
  const bestOf = (isBound: boolean) =>
    accuracyRows(
      evaluations,
      bootstrapAccuracies(evaluations, new Rng(1, 'test'), 200),
      [{ ...method('gate-oracle', true), isBound }, method('patchnas', false), method('original', true)],
      scopesOf([environment('fog')]),
      () => true,
    )
      .filter(({ best }) => best.includes('heldOut'))
      .map((row) => row.method);
  expect(bestOf(true)).toEqual(['patchnas']);
  expect(bestOf(false)).toEqual(['gate-oracle']);
});
