import { expect, test } from 'vitest';

import { formatError } from '../../../../src/core/errors.js';
import { buildTables, runsOf, type ReportInput, type ReportTables } from '../../../../src/report/index.js';
import { environment, evaluation, method, type Row } from '../evaluations.js';

const noisy: Row[] = [[0, 1, 0, 1, 0]];

function tables(
  network: string,
  noises: readonly string[][],
  origin: 'generated' | 'imported' = 'generated',
) {
  const environments = noises.map((names) => environment(...names));
  const input: ReportInput = {
    subject: { name: 'tiny', network, dataset: 'cifar10', noiseOrigin: origin },
    seed: 0,
    environments,
    methods: [method('patchnas')],
    classes: ['cat', 'dog'],
    evaluations: environments.map(({ name }) => evaluation({ noisy, environment: name })),
    gates: [],
    searches: [],
  };
  return buildTables(input);
}

const labels = (...read: { dir: string; tables: ReportTables }[]) => runsOf(read).map(({ label }) => label);
const refusal = (a: ReportTables, b: ReportTables): string => {
  try {
    runsOf([
      { dir: 'a', tables: a },
      { dir: 'b', tables: b },
    ]);
  } catch (error) {
    return formatError(error);
  }
  return 'none';
};

test('a run is called by its network, and by its folder where that is not enough', () => {
  const [small, wide] = [tables('allconvnet', [['fog']]), tables('wrn-40-2', [['fog']])];
  expect(labels({ dir: 'a', tables: small }, { dir: 'b', tables: wide })).toEqual(['allconvnet', 'wrn-40-2']);
  expect(labels({ dir: 'a', tables: small }, { dir: 'b', tables: small })).toEqual([
    'allconvnet (a)',
    'allconvnet (b)',
  ]);
});

test('noise of different origins does not stand in one table', () => {
  expect(refusal(tables('x', [['fog']]), tables('y', [['fog']], 'imported'))).toBe(
    'PN280 the noise is generated in a and imported in b\n' +
      '  Such figures do not compare: make a table of each by itself.',
  );
});

test('an average over other noises does not stand beside it', () => {
  const [two, three] = [tables('x', [['fog'], ['snow']]), tables('y', [['fog'], ['snow'], ['frost']])];
  expect(refusal(two, three).split('\n')[0]).toBe(
    'PN280 "average" is of fog, snow in a and fog, frost, snow in b',
  );
  expect(refusal(two, tables('y', [['snow'], ['fog']]))).toBe('none');
});

test('a mixture of the same name with other noises', () => {
  const mixture = (noises: string[]) => {
    const made = tables('x', [noises]);
    const name = 'two';
    const rename = <T extends { name: string }>(list: readonly T[]) => list.map((one) => ({ ...one, name }));
    return { ...made, environments: rename(made.environments), scopes: rename(made.scopes) };
  };
  expect(refusal(mixture(['fog', 'snow']), mixture(['fog', 'frost'])).split('\n')[0]).toBe(
    'PN280 "two" is of fog, snow in a and fog, frost in b',
  );
});
