import { expect, test } from 'vitest';

import { reportHtml, type ReportTables } from '../../../../src/report/index.js';
import { figureData } from '../../../golden/report/figure-data.js';
import { reportSources } from '../../../golden/report/report-sources.js';
import { few, quick, sample } from '../../../golden/report/sample.js';
import { parsePage } from '../../../support/page-text.js';

const input = sample({
  environments: quick,
  behaviours: few,
  repeats: 1,
  images: 20,
  classes: 3,
  isTrained: true,
});
const sources = await reportSources(input, figureData(input));

/** The first sentence of the page, with other accuracies of the repair. */
function lead(heldOut: number, cleanBefore: number, clean: number): string {
  const spread = (mean: number) => ({ mean, sd: undefined, repeats: 1 });
  const accuracy = sources.tables.accuracy.map((row) =>
    row.method !== 'patchnas'
      ? row
      : { ...row, heldOut: spread(heldOut), cleanBefore: spread(cleanBefore), clean: spread(clean) },
  );
  const tables: ReportTables = { ...sources.tables, accuracy };
  const page = parsePage(reportHtml({ ...sources, tables }));
  return page.querySelector('.lead')!.textContent.replaceAll('\u00a0', ' ');
}

test('how much was repaired, as a fraction where one is near, and what became of clean accuracy', () => {
  expect(lead(0.1594, 0.8398, 0.8402)).toBe(
    'patchnas now gets 15.9 % of the failures right that it had never seen, about one in six, on average over 3 noises. Accuracy on clean images stays at 84.0 %.',
  );
  expect(lead(0.42, 0.84, 0.829)).toBe(
    'patchnas now gets 42.0 % of the failures right that it had never seen, on average over 3 noises. Accuracy on clean images goes from 84.0 % to 82.9 %.',
  );
  expect(lead(0.004, 0.84, 0.85)).toBe(
    'patchnas now gets 0.4 % of the failures right that it had never seen, on average over 3 noises. Accuracy on clean images goes from 84.0 % to 85.0 %.',
  );
});

test('what the paired comparisons say, and which method is better than every other', () => {
  const comparisons = sources.tables.comparisons.map((row) => ({
    ...row,
    verdict: row.other === 'original' ? 'won' : row.other === 'gate-always' ? 'lost' : 'unresolved',
  }));
  const accuracy = sources.tables.accuracy.map((row) => ({
    ...row,
    best: row.method === 'gate-always' ? ['heldOut'] : [],
    heldOut: { mean: 0.375, sd: undefined, repeats: 1 },
  }));
  const tables = { ...sources.tables, comparisons, accuracy } as ReportTables;
  const page = parsePage(reportHtml({ ...sources, tables }));
  expect([...page.querySelectorAll('header p:not([class])')].map(({ textContent }) => textContent)).toEqual([
    'On the held-out failures it is better than original; it is worse than gate-always; no difference shows between it and reseed and patch-random. gate-always is better than every other method there, with 37.50\u00a0%.',
    'On noisy and clean images together it is better than original; it is worse than gate-always; no difference shows between it and reseed and patch-random.',
  ]);
});
