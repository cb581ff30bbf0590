import { join } from 'node:path';

import { expect, test } from 'vitest';

import { buildTables, compareTables, comparisonText, type ReportTables } from '../../../src/report/index.js';
import { few, quick, sample, sixteen } from './sample.js';

const folder = join(import.meta.dirname, 'diff');
const made = { environments: quick, repeats: 3, images: 100, classes: 3, isTrained: true };
const a = buildTables(sample({ ...made, behaviours: few }));
/** The same failures, but the patch mends as much as the environment patch and one method is missing. */
const better = few
  .filter(({ method }) => method.name !== 'gate-always')
  .map((one) => (one.method.name === 'patchnas' ? { ...sixteen[8]!, method: one.method } : one));
const b = buildTables(sample({ ...made, behaviours: better }));

test('what differs by more than chance', async () => {
  const text = comparisonText(compareTables(a, b), { columns: 80, colour: false }, false);
  await expect(`${text}\n`).toMatchFileSnapshot(join(folder, 'text-80.txt'));
});

test('all that differs', async () => {
  const cut = (tables: ReportTables): ReportTables => ({
    ...tables,
    ...{ comparisons: [], severity: [], classes: [], parameters: [] },
    accuracy: tables.accuracy.filter((row) => row.scope === 'fog'),
    samples: tables.samples.filter((row) => row.scope === 'fog'),
  });
  const text = comparisonText(compareTables(cut(a), cut(b)), { columns: 80, colour: false }, true);
  await expect(`${text}\n`).toMatchFileSnapshot(join(folder, 'all-80.txt'));
});

test('nothing differs', () => {
  const text = comparisonText(compareTables(a, a), { columns: 80, colour: false }, true);
  expect(text).toBe('Figures that differ: none');
});
