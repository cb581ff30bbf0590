import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import {
  buildReport,
  formatTables,
  paperNumbers,
  runsOf,
  type PaperNumber,
} from '../../../src/report/index.js';
import { few, nineteen, quick, sample, sixteen } from './sample.js';

const folder = join(import.meta.dirname, 'paper');
const made = { images: 60, classes: 3, isTrained: true };
const full = buildReport(sample({ ...made, environments: nineteen, behaviours: sixteen, repeats: 3 }));
const small = buildReport(sample({ ...made, environments: quick, behaviours: few, repeats: 1 }));
const fullRun = runsOf([{ dir: 'results/full', tables: full.tables }]);

/** The same noises with another network: fewer methods, more repeats, and a search that was not trained. */
const other = sample({
  ...{ ...made, isTrained: false },
  ...{ environments: quick, behaviours: few.slice(0, 3), repeats: 3 },
});
const { tables: wide } = buildReport({ ...other, subject: { ...other.subject, network: 'wrn-40-2' } });
const twoRuns = runsOf([
  { dir: 'results/small', tables: small.tables },
  { dir: 'results/wide', tables: wide },
]);

const view = { columns: 80, colour: false };
const forms = [
  ['console-80.txt', 'console', view],
  ['console-200.txt', 'console', { columns: 200, colour: false }],
  ['tables.tex', 'latex', view],
  ['tables.md', 'markdown', view],
] as const;

describe('fifteen noises, four mixtures, sixteen methods, three repeats', () => {
  test.each(forms)('%s', async (file, format, seen) => {
    const text = formatTables(fullRun, paperNumbers, format, seen);
    await expect(text).toMatchFileSnapshot(join(folder, 'full', file));
  });
  test('table-2.csv', async () => {
    await expect(full.files['table-2.csv']).toMatchFileSnapshot(join(folder, 'full/table-2.csv'));
  });
});

describe('two networks', () => {
  test.each([forms[0], forms[2], forms[3]])('%s', async (file, format, seen) => {
    const text = formatTables(twoRuns, paperNumbers, format, seen);
    await expect(text).toMatchFileSnapshot(join(folder, 'two', file));
  });
  test('table-1.csv', async () => {
    const text = formatTables(twoRuns, ['1'], 'csv', view);
    await expect(text).toMatchFileSnapshot(join(folder, 'two/table-1.csv'));
  });
});

test.each([40, 80, 300])('CSV is that of the file, however wide the terminal: %d columns', (columns) => {
  for (const number of paperNumbers) {
    const text = formatTables(fullRun, [number], 'csv', { columns, colour: true });
    expect(text).toBe(full.files[`table-${number}.csv`]);
  }
});

test.each([80, 100, 200])('no line of the console is longer than %d columns', (columns) => {
  for (const runs of [fullRun, twoRuns]) {
    const text = formatTables(runs, paperNumbers, 'console', { columns, colour: false });
    expect(Math.max(...text.split('\n').map((line) => [...line].length))).toBeLessThanOrEqual(columns);
  }
});

test('every figure of the console is in the other forms too', () => {
  const figures = (format: 'console' | 'latex' | 'markdown', number: PaperNumber): string[] =>
    (formatTables(fullRun, [number], format, view).match(/\d+\.\d\d/g) ?? []).toSorted();
  for (const number of paperNumbers) {
    const shown = figures('console', number);
    expect(shown.length).toBeGreaterThan(16);
    expect(figures('latex', number)).toEqual(shown);
    expect(figures('markdown', number)).toEqual(shown);
  }
});
