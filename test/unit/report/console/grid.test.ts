import { describe, expect, test } from 'vitest';

import { renderGrid, wrap, type Grid } from '../../../../src/report/console/grid.js';

const grid: Grid = {
  rowKind: 'method',
  columnKind: 'environment',
  rows: [{ full: 'patchnas' }, { full: 'original' }],
  columns: [{ full: 'gaussian_noise', short: 'GN' }, { full: 'fog', short: 'FOG' }, { full: 'average' }],
  cells: [
    ['58.48', '37.84', '37.38'],
    ['0.00', '0.00', '0.00'],
  ],
  canTurn: true,
};
const at = (columns: number, change: Partial<Grid> = {}): string =>
  renderGrid({ ...grid, ...change }, { columns, colour: false });

describe('the first form that fits', () => {
  test('as it is', () => {
    const text = [
      '  method    gaussian_noise    fog  average',
      '──────────────────────────────────────────',
      '  patchnas           58.48  37.84    37.38',
      '  original            0.00   0.00     0.00',
    ].join('\n');
    expect(at(80)).toBe(text);
    expect(at(42)).toBe(text);
  });
  test('with short column headings, explained below', () => {
    expect(at(41)).toBe(
      [
        '  method       GN    FOG  average',
        '─────────────────────────────────',
        '  patchnas  58.48  37.84    37.38',
        '  original   0.00   0.00     0.00',
        '  GN: gaussian_noise, FOG: fog',
      ].join('\n'),
    );
  });
  test('turned, where turning makes it narrower', () => {
    const columns = [...grid.columns, { full: 'an average with a long name' }];
    const cells = grid.cells.map((row) => [...row, '1.00']);
    expect(at(50, { columns, cells })).toBe(
      [
        '  environment                  patchnas  original',
        '─────────────────────────────────────────────────',
        '  gaussian_noise                  58.48      0.00',
        '  fog                             37.84      0.00',
        '  average                         37.38      0.00',
        '  an average with a long name      1.00      1.00',
      ].join('\n'),
    );
  });
  test('cut between columns, with short headings where it cannot be turned', () => {
    expect(at(25, { canTurn: false })).toBe(
      [
        '  method       GN    FOG',
        '────────────────────────',
        '  patchnas  58.48  37.84',
        '  original   0.00   0.00',
        '',
        '  method    average',
        '───────────────────',
        '  patchnas    37.38',
        '  original     0.00',
        '  GN: gaussian_noise, FOG: fog',
      ]
        .join('\n')
        .replace('  GN: gaussian_noise, FOG: fog', '  GN: gaussian_noise,\n    FOG: fog'),
    );
  });
  test('a single column too wide is not lost', () => {
    expect(at(5).match(/58\.48/g)).toHaveLength(1);
    expect(at(5).match(/37\.38/g)).toHaveLength(1);
  });
});

test('grouped rows show a repeated heading once', () => {
  const rows = [{ full: 'reseed' }, { full: 'reseed' }];
  expect(at(80, { rows, isGrouped: true }).split('\n')[3]).toMatch(/^ +0\.00/);
});

test('colours: bold headings, verdicts in green and red, the same widths', () => {
  const cells = [
    ['won', 'lost', 'unresolved'],
    ['1', '2', '3'],
  ];
  const coloured = renderGrid({ ...grid, cells }, { columns: 80, colour: true });
  expect(coloured).toContain('\u001b[1mmethod\u001b[22m');
  expect(coloured).toContain('\u001b[32mwon\u001b[39m');
  expect(coloured).toContain('\u001b[31mlost\u001b[39m');
  // eslint-disable-next-line no-control-regex -- the control codes are what is looked for
  expect(coloured.replaceAll(/\u001b\[\d+m/g, '')).toBe(at(80, { cells }));
});

test('notes are broken between words', () => {
  expect(wrap('one two three four', 14)).toBe('  one two\n    three four');
  expect(wrap('averyveryverylongword b', 10)).toBe('  averyveryverylongword\n    b');
});
