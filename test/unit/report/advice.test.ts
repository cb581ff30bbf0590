import { expect, test } from 'vitest';

import { adviceOf, adviceText, buildTables, type ReportTables } from '../../../src/report/index.js';
import { few, quick, sample } from '../../golden/report/sample.js';

const made = buildTables(
  sample({ environments: quick, behaviours: few, repeats: 1, images: 20, classes: 2, isTrained: true }),
);

/** Figures of methods, in shares of 1, laid over a table that was made. */
function tablesOf(
  methods: Readonly<Record<string, readonly [noisy: number, clean: number, sent: number]>>,
): ReportTables {
  const value = (mean: number) => ({ mean, sd: undefined, repeats: 1, low: mean - 0.01, high: mean + 0.01 });
  const [accuracy, parameters] = [made.accuracy[0]!, made.parameters[0]!];
  const names = Object.entries(methods);
  return {
    ...made,
    methods: names.map(([name]) => ({
      ...made.methods[0]!,
      name,
      isBound: name === 'gate-oracle',
    })),
    accuracy: names.map(([method, [noisy, clean]]) => ({
      ...accuracy,
      scope: 'average',
      method,
      noisy: value(noisy),
      clean: value(clean),
      cleanBefore: value(0.9),
    })),
    parameters: names.map(([method, [, , sent]]) => ({
      ...parameters,
      scope: 'average',
      method,
      transferred: value(sent),
    })),
  };
}
const tables = tablesOf({
  original: [0.5, 0.9, 0],
  small: [0.7, 0.898, 100],
  large: [0.8, 0.85, 1000],
  worse: [0.6, 0.89, 200],
  'gate-oracle': [0.95, 0.9, 50],
});

test('a method is dominated where another one is at least as good in everything', () => {
  const found = Object.fromEntries(
    adviceOf(tables, []).map(({ method, dominatedBy }) => [method, dominatedBy]),
  );
  expect(found).toEqual({ original: [], small: [], large: [], worse: ['small'], 'gate-oracle': [] });
});

test('time counts where it is known', () => {
  const time = (method: string, repairSeconds: number) => ({
    ...{ method, environment: 'fog', repeat: 0, repairSeconds, preparedSeconds: 0 },
    ...{ stages: {}, isSideBySide: false },
  });
  const found = adviceOf(tables, [time('small', 60), time('worse', 5)]);
  expect(found.find(({ method }) => method === 'worse')!.dominatedBy).toEqual([]);
});

test('the text has the methods by their accuracy, and names one within the loss that is accepted', () => {
  expect(adviceText(tables, [], 0.01, { columns: 100, colour: false })).toBe(`\
What each method gives and costs, average over 3 environments
  method         noisy %   95 % interval  clean   sent  seconds
───────────────────────────────────────────────────────────────
    gate-oracle    95.00  94.00 to 96.00   0.00     50
  • large          80.00  79.00 to 81.00  -5.00  1,000
  • small          70.00  69.00 to 71.00  -0.20    100
    worse          60.00  59.00 to 61.00  -1.00    200
  • original       50.00  49.00 to 51.00   0.00      0
  •: no other method is at least as good in all four; clean: change of clean accuracy, in points;
    sent: parameters
  seconds of a repair as they were in this run, beside whatever else ran
  gate-oracle: uses what nobody knows at run time, a bound and no choice
  which differences are more than chance stands in comparisons.csv

Of those that lose at most 1.00 points of clean accuracy, small gets most noisy images right:
    70.00 %, the original 50.00 %.
`);
});

test('says so where nothing is worth it', () => {
  const text = adviceText(tables, [], 0.001, { columns: 100, colour: false });
  expect(text.slice(text.lastIndexOf('\n\n')).replaceAll(/\s+/g, ' ').trim()).toBe(
    'No method here gets more noisy images right than the original and loses at most 0.10 points of clean accuracy.',
  );
});
