import { expect, test } from 'vitest';

import { formatError } from '../../../src/core/errors.js';
import { buildReport, buildTables, reportText, type ReportInput } from '../../../src/report/index.js';
import { environment, evaluation, method, type Row } from './evaluations.js';

const noisy: Row[] = [
  [0, 1, 0, 1, 0],
  [1, 1, 1, 1, 1],
];
const input: ReportInput = {
  subject: { name: 'tiny', network: 'allconvnet', dataset: 'cifar10', noiseOrigin: 'generated' },
  seed: 0,
  environments: [environment('fog')],
  methods: [method('patchnas'), method('original', true)],
  classes: ['cat', 'dog'],
  evaluations: [
    evaluation({ noisy }),
    evaluation({ method: 'original', noisy: noisy.map(([image, s, y, o]) => [image, s, y, o, o] as const) }),
  ],
  gates: [],
  searches: [],
};

test('one noise, without gate and search, still gives a report', () => {
  const { tables } = buildReport(input);
  const text = reportText(tables, { columns: 80, colour: false });
  expect(text.split('\n').slice(0, 13).join('\n')).toBe(
    [
      'tiny: allconvnet on cifar10, 1 environment (noise generated), 1 repeat',
      '',
      'Table 1. Accuracy on the held-out failures D_s, per cent',
      '  method        fog',
      '───────────────────',
      '  patchnas  •100.00',
      '  original     0.00',
      '  •: better than every other method there, by the paired bootstrap over base',
      '    images (95 %)',
      '  D_s holds what the deployed network gets wrong, so the original scores 0 there',
      '  samples in D_s: 1',
      '  one repeat: no standard deviation',
      '',
    ].join('\n'),
  );
  expect(text).not.toContain('Search');
  expect(text).not.toContain('Gate');
});

test('all numbers have at most 10 significant digits', () => {
  let numbers = 0;
  JSON.parse(JSON.stringify(buildTables(input)), (_, value: unknown) => {
    if (typeof value !== 'number') return value;
    numbers++;
    expect(value).toBe(Number(value.toPrecision(10)));
    return value;
  });
  expect(numbers).toBeGreaterThan(100);
});

test('an evaluation that nobody announced', () => {
  let message = '';
  try {
    buildTables({ ...input, methods: [method('original', true)] });
  } catch (error) {
    message = formatError(error);
  }
  expect(message).toBe(
    'PN144 an evaluation of a method or environment that the report was not told of\n' +
      '  at evaluation of patchnas in fog',
  );
});
