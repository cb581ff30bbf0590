import { expect, test } from 'vitest';

import { buildTables, type ReportTables } from '../../../../src/report/index.js';
import { compareTables, outsideIntervals } from '../../../../src/report/compare/compare.js';
import { figuresOf } from '../../../../src/report/compare/figures.js';
import { few, quick, sample } from '../../../golden/report/sample.js';

const tables = buildTables(
  sample({ environments: quick, behaviours: few, repeats: 2, images: 30, classes: 2, isTrained: true }),
);

/** The tables with the rows of one of them changed, as a file would hold them. */
function changed<Name extends 'accuracy' | 'samples'>(
  name: Name,
  change: (row: ReportTables[Name][number]) => ReportTables[Name][number],
): ReportTables {
  return { ...tables, [name]: (tables[name] as ReportTables[Name][number][]).map(change) };
}

test('a way through a file changes no figure', () => {
  const read = JSON.parse(JSON.stringify(tables)) as ReportTables;
  const { figures, differences } = compareTables(tables, read);
  expect(differences).toEqual([]);
  expect(figures.accuracy).toBeGreaterThan(300);
});

test('every figure has a name of its own', () => {
  const { figures } = compareTables(tables, tables);
  expect(figures.samples).toBe(tables.samples.length * (Object.keys(tables.samples[0]!).length - 2));
  expect(figuresOf(tables).size).toBe(Object.values(figures).reduce((a, b) => a + b, 0));
});

test('what differs, with the change where both sides have intervals', () => {
  const shifted = changed('accuracy', (row) =>
    row.method === 'patchnas' && row.scope === 'fog'
      ? { ...row, heldOut: { ...row.heldOut!, mean: 0.9, low: 0.85, high: 0.95 }, heldOutSamples: 1 }
      : row,
  );
  const { differences } = compareTables(tables, shifted);
  expect(differences.map(({ table, row, name, change }) => [table, ...row, name, change?.verdict])).toEqual([
    ['accuracy', 'patchnas', 'fog', 'heldOutSamples', undefined],
    ['accuracy', 'patchnas', 'fog', 'heldOut', 'higher'],
  ]);
});

test('a method that only one side has', () => {
  const less = { ...tables, samples: tables.samples.filter((row) => row.method !== 'reseed') };
  const [forth, back] = [compareTables(tables, less), compareTables(less, tables)];
  expect(forth.differences.every(({ row, b }) => row[0] === 'reseed' && b === undefined)).toBe(true);
  expect(back.differences.every(({ row, a }) => row[0] === 'reseed' && a === undefined)).toBe(true);
  expect(forth.differences.length).toBe(back.differences.length);
  expect(forth.differences.length).toBeGreaterThan(0);
});

test('of one environment only its own rows are compared', () => {
  const other = changed('accuracy', (row) => (row.scope === 'fog' ? { ...row, repeats: 9 } : row));
  expect(compareTables(tables, other, 'fog').differences).toHaveLength(few.length);
  expect(compareTables(tables, other, 'contrast').differences).toEqual([]);
  expect(compareTables(tables, tables, 'fog').figures.gate).toBeGreaterThan(0);
});

test('inside and outside of the recorded intervals', () => {
  const to = (of: (low: number, high: number) => number): ReportTables =>
    changed('accuracy', (row) =>
      row.method === 'patchnas' && row.scope === 'fog'
        ? { ...row, heldOut: { ...row.heldOut!, mean: of(row.heldOut!.low!, row.heldOut!.high!) } }
        : row,
    );
  expect(outsideIntervals(tables, tables).differences).toEqual([]);
  for (const inside of [(low: number) => low, (_: number, high: number) => high])
    expect(outsideIntervals(tables, to(inside)).differences).toEqual([]);
  for (const outside of [(low: number) => low - 1e-9, (_: number, high: number) => high + 1e-9]) {
    const { differences } = outsideIntervals(tables, to(outside));
    expect(differences.map(({ row, name }) => [...row, name])).toEqual([['patchnas', 'fog', 'heldOut']]);
  }
});

test('an accuracy that is missing now is outside; other figures are not judged', () => {
  const missing = { ...tables, accuracy: tables.accuracy.filter((row) => row.scope !== 'fog') };
  expect(outsideIntervals(tables, missing).differences).toHaveLength(5 * few.length);
  const other = changed('samples', (row) => ({ ...row, trainingSet: 1 }));
  expect(outsideIntervals(tables, other).differences).toEqual([]);
});
