import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { buildReport, reportText, timesCsv, type ReportTables } from '../../../src/report/index.js';
import { few, fifteen, many, quick, sample } from './sample.js';

const folder = import.meta.dirname;
const small = sample({
  environments: quick,
  behaviours: few,
  repeats: 1,
  images: 60,
  classes: 3,
  isTrained: false,
});
const large = sample({
  environments: fifteen,
  behaviours: many,
  repeats: 3,
  images: 60,
  classes: 3,
  isTrained: true,
  onlyInFour: 'finetune-balanced',
});
const smallReport = buildReport(small);
const largeReport = buildReport(large);

describe('three noises, one repeat, a search that was not trained', () => {
  test.each(Object.entries(smallReport.files).filter(([name]) => name !== 'tables.json'))(
    '%s',
    async (name, text) => {
      await expect(text).toMatchFileSnapshot(join(folder, 'small', name));
    },
  );
  test('times.csv', async () => {
    const text = timesCsv('allconvnet-w0.25', small.times);
    await expect(text).toMatchFileSnapshot(join(folder, 'small/times.csv'));
  });
  test.each([80, 120])('text at %d columns', async (columns) => {
    const text = reportText(smallReport.tables, { columns, colour: false }, small.times);
    await expect(text).toMatchFileSnapshot(join(folder, `small/text-${columns}.txt`));
  });
  test('text with colours', async () => {
    const text = reportText(smallReport.tables, { columns: 80, colour: true }, small.times);
    const visible = text.replaceAll('\u001b', 'ESC');
    await expect(visible).toMatchFileSnapshot(join(folder, 'small/text-colour.txt'));
  });
});

describe('fifteen noises and their mixture, three repeats, eight methods', () => {
  test.each(['table-1.csv', 'table-3.csv', 'table-4.csv', 'gate.csv'])('%s', async (name) => {
    await expect(largeReport.files[name]).toMatchFileSnapshot(join(folder, 'large', name));
  });
  test.each([80, 120, 200])('text at %d columns', async (columns) => {
    const text = reportText(largeReport.tables, { columns, colour: false }, large.times);
    await expect(text).toMatchFileSnapshot(join(folder, `large/text-${columns}.txt`));
  });
});

test.each([80, 100, 120, 200])('no line is longer than %d columns', (columns) => {
  for (const [{ tables }, { times }] of [[smallReport, small] as const, [largeReport, large] as const]) {
    const text = reportText(tables, { columns, colour: false }, times);
    const longest = Math.max(...text.split('\n').map((line) => [...line].length));
    expect(longest).toBeLessThanOrEqual(columns);
  }
});

test('colours change nothing but control codes, and without them there are none', () => {
  const plain = reportText(largeReport.tables, { columns: 80, colour: false }, large.times);
  const coloured = reportText(largeReport.tables, { columns: 80, colour: true }, large.times);
  expect(coloured).not.toBe(plain);
  // eslint-disable-next-line no-control-regex -- the control codes are what is looked for
  expect(coloured.replaceAll(/\u001b\[\d+m/g, '')).toBe(plain);
  expect(plain).not.toContain('\u001b');
});

test('the text made from tables.json is the text made from the tables', () => {
  const tables = JSON.parse(largeReport.files['tables.json']!) as ReportTables;
  const view = { columns: 80, colour: false };
  expect(reportText(tables, view)).toBe(reportText(largeReport.tables, view));
});

test('the same input gives the same bytes, whatever order the evaluations come in', () => {
  const evaluations = [...small.evaluations].reverse();
  expect(buildReport({ ...small, evaluations }).files).toEqual(smallReport.files);
});
