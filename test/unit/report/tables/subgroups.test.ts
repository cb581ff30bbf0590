import { expect, test } from 'vitest';

import { scopesOf } from '../../../../src/report/scopes.js';
import { wilson } from '../../../../src/report/statistics.js';
import { classRows, severityRows } from '../../../../src/report/tables/subgroups.js';
import { environment, evaluation, method, type Row } from '../evaluations.js';

const noisy: Row[] = [
  [0, 1, 0, 1, 0],
  [0, 2, 0, 1, 1],
  [0, 5, 0, 0, 1],
  [1, 1, 1, 1, 1],
  [1, 5, 1, 0, 1],
];
const one = evaluation({
  noisy,
  clean: [
    [0, 0, 1],
    [1, 0, 1],
  ],
});
const methods = [method('patchnas')];
const fog = scopesOf([environment('fog')]);

test('by severity', () => {
  const rows = severityRows([one], methods, fog, () => undefined);
  expect(
    rows.map((row) => [
      row.group,
      row.heldOutSamples,
      row.noisySamples,
      row.heldOut?.mean,
      row.noisyBefore?.mean,
      row.noisy?.mean,
      row.mended,
      row.broken,
      row.clean,
    ]),
  ).toEqual([
    ['1', 1, 2, 1, 0.5, 1, 1, 0, undefined],
    ['2', 1, 1, 0, 0, 0, 0, 0, undefined],
    ['5', 1, 2, 1, 0.5, 0.5, 1, 1, undefined],
  ]);
});

test('by class; the interval takes the samples of one image as one', () => {
  const [first, second, third] = classRows([one], methods, fog, () => undefined, ['cat', 'dog', 'elk']);
  expect(first).toMatchObject({
    group: 'cat',
    noisySamples: 3,
    cleanBefore: { mean: 1 },
    clean: { mean: 0 },
  });
  expect(first!.noisy).toMatchObject({ mean: 1 / 3, ...wilson(1 / 3, 1) });
  expect(second).toMatchObject({
    group: 'dog',
    noisySamples: 2,
    cleanBefore: { mean: 0 },
    clean: { mean: 1 },
  });
  expect(third).toMatchObject({ group: 'elk', noisySamples: 0, noisy: undefined, clean: undefined });
});

test('averages over environments have no interval', () => {
  const rows = severityRows(
    [one, { ...one, environment: 'snow' }],
    methods,
    scopesOf([environment('fog'), environment('snow')]),
    () => undefined,
  );
  const average = rows.find((row) => row.scope === 'average' && row.group === '1')!;
  expect(average.noisy).toEqual({ mean: 1, sd: undefined, repeats: 1 });
});
