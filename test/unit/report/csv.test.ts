import { expect, test } from 'vitest';

import { csv, estimateColumns, fixed, percentColumn } from '../../../src/report/csv.js';

test('a header, fixed decimals, empty cells, yes and no, quoted text, LF', () => {
  const rows = [
    { name: 'a, "b"', share: 0.123456789, isSeen: true },
    { name: 'line\nbreak', share: undefined, isSeen: false },
  ];
  const text = csv<(typeof rows)[0]>(
    [
      { name: 'name', value: (row) => row.name },
      percentColumn('share', (row) => row.share),
      { name: 'is_seen', value: (row) => row.isSeen },
    ],
    rows,
  );
  expect(text).toBe('name,share_percent,is_seen\n"a, ""b""",12.3457,yes\n"line\nbreak",,no\n');
});

test('an estimate of one repeat has an empty standard deviation, never 0', () => {
  const columns = estimateColumns('x', (row: { low: number }) => ({
    mean: 0.5,
    sd: undefined,
    repeats: 1,
    low: row.low,
    high: 0.75,
  }));
  expect(csv(columns, [{ low: 0.25 }])).toBe(
    'x_mean_percent,x_sd_percent,x_low_percent,x_high_percent\n50.0000,,25.0000,75.0000\n',
  );
});

test('without rows the header is left', () => {
  expect(csv([{ name: 'a', value: () => 1 }], [])).toBe('a\n');
});

test('no minus zero, no grouping, no exponent', () => {
  expect([fixed(-0.00001, 2), fixed(-0, 0), fixed(-0.006, 2), fixed(1234567.891, 1), fixed(1e-9, 4)]).toEqual(
    ['0.00', '0', '-0.01', '1234567.9', '0.0000'],
  );
});
