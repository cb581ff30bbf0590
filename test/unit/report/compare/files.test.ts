import { expect, test } from 'vitest';

import { compareFiles, compareRows } from '../../../../src/report/compare/files.js';

const table = 'method,environment,accuracy\npatchnas,fog,4.38\npatchnas,snow,5.00\noriginal,fog,0.00\n';
const record: Readonly<Record<string, string>> = { 'table-1.csv': table, 'report.txt': 'a\nb\n' };
const recorded = (file: string) => record[file];

test('the same bytes', () => {
  expect(compareFiles(recorded, record)).toEqual([]);
});

test('the first cell of a CSV file that differs, by its column', () => {
  const now = table.replace('5.00', '5.01').replace('0.00', '0.01');
  expect(compareFiles(recorded, { 'table-1.csv': now })).toEqual([
    { file: 'table-1.csv', line: 3, column: 'accuracy', recorded: '5.00', now: '5.01' },
  ]);
});

test('lines where cells tell less: other texts, other columns, an end too early or too late', () => {
  const first = (file: string, now: string) => compareFiles(recorded, { [file]: now })[0];
  expect(first('report.txt', 'a\nc\n')).toEqual({ file: 'report.txt', line: 2, recorded: 'b', now: 'c' });
  expect(first('table-1.csv', table.replace('4.38', '4.38,1'))).toMatchObject({
    line: 2,
    recorded: 'patchnas,fog,4.38',
  });
  expect(first('report.txt', 'a\nb\nc\n')).toMatchObject({ line: 3, recorded: '', now: 'c' });
  expect(first('report.txt', 'a')).toEqual({ file: 'report.txt', line: 2, recorded: 'b' });
  expect(first('report.txt', 'a\nb\n\nc')).toMatchObject({ line: 4, now: 'c' });
});

test('a file that the record does not have', () => {
  expect(compareFiles(recorded, { 'table-2.csv': 'x\n' })).toEqual([{ file: 'table-2.csv' }]);
  expect(compareRows(recorded, { 'table-2.csv': 'x\n' })).toEqual([{ file: 'table-2.csv' }]);
});

test('rows of one environment are found among those of all', () => {
  const now = 'method,environment,accuracy\npatchnas,fog,4.38\noriginal,fog,0.00\n';
  expect(compareRows(recorded, { 'table-1.csv': now, 'report.txt': 'other\n' })).toEqual([]);
  expect(compareRows(recorded, { 'table-1.csv': now.replace('4.38', '4.39') })).toEqual([
    { file: 'table-1.csv', line: 2, column: 'accuracy', recorded: '4.38', now: '4.39' },
  ]);
});
