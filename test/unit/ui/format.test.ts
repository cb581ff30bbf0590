import { describe, expect, it } from 'vitest';

import { columns } from '../../../src/ui/columns.js';
import { commandLine } from '../../../src/ui/command-line.js';
import { formatDifference } from '../../../src/ui/difference.js';
import {
  formatBytes,
  formatClock,
  formatCount,
  formatDuration,
  formatNumber,
} from '../../../src/ui/format.js';
import { Meter } from '../../../src/ui/meter.js';

describe('numbers for people', () => {
  it.each([
    [0, '0.0 s'],
    [9_949, '9.9 s'],
    [9_951, '10 s'],
    [59_400, '59 s'],
    [59_600, '1 min 0 s'],
    [200_000, '3 min 20 s'],
    [3_900_000, '1 h 5 min'],
    [90_000_000, '25 h 0 min'],
  ])('%i ms is %s', (ms, text) => expect(formatDuration(ms)).toBe(text));

  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [999_499, '999 kB'],
    [999_500, '1.0 MB'],
    [12_345_678, '12 MB'],
    [274_000_000, '274 MB'],
    [5e15, '5000 TB'],
  ])('%i bytes are %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));

  it.each([
    [0, '[00:00]'],
    [-5, '[00:00]'],
    [125_999, '[02:05]'],
    [3_725_000, '[1:02:05]'],
  ])('%i ms on the clock are %s', (ms, text) => expect(formatClock(ms)).toBe(text));

  it.each([
    [0, '0'],
    [999, '999'],
    [1000, '1,000'],
    [1234567, '1,234,567'],
    [1234.5678, '1,234.57'],
  ])('the count %d is %s', (n, text) => expect(formatCount(n)).toBe(text));

  it.each([
    [0.831234, '0.8312'],
    [1.5e-7, '1.5e-7'],
    [2000, '2,000'],
    [NaN, 'NaN'],
  ])('the value %d is %s', (n, text) => expect(formatNumber(n)).toBe(text));
});

describe('Meter', () => {
  const meter = (...steps: [number, number][]): string => {
    const it = new Meter();
    for (const [done, timeMs] of steps) it.update({ done, total: 1000, unit: 'images' }, timeMs);
    return it.text();
  };

  it('tells rate and time left after a second', () => {
    expect(meter([0, 0])).toBe('0 of 1,000 images');
    expect(meter([0, 0], [100, 900])).toBe('100 of 1,000 images');
    expect(meter([0, 0], [100, 1000])).toBe('100 of 1,000 images, 100/s, 9.0 s left');
    expect(meter([0, 0], [100, 1000], [500, 2500])).toBe('500 of 1,000 images, 200/s, 2.5 s left');
    expect(meter([0, 0], [1, 60_000])).toBe('1 of 1,000 images, 1/min, 16 h 39 min left');
    expect(meter([0, 0], [1, 2_000])).toBe('1 of 1,000 images, 0.5/s, 33 min 18 s left');
  });

  it('leaves out what was done before we looked, as after a resume', () => {
    expect(meter([800, 0], [900, 1000])).toBe('900 of 1,000 images, 100/s, 1.0 s left');
  });

  it('says no more than the amount when all is done', () => {
    expect(meter([0, 0], [1000, 5000])).toBe('1,000 of 1,000 images');
  });

  it('begins anew with another label', () => {
    const it = new Meter();
    it.update({ done: 0, total: 10, unit: 'steps', label: 'epoch 1' }, 0);
    it.update({ done: 10, total: 10, unit: 'steps', label: 'epoch 1' }, 10_000);
    it.update({ done: 0, total: 10, unit: 'steps', label: 'epoch 2' }, 10_000);
    it.update({ done: 5, total: 10, unit: 'steps', label: 'epoch 2' }, 12_000);
    expect(it.text()).toBe('epoch 2: 5 of 10 steps, 2.5/s, 2.0 s left');
  });
});

it('a command line reads back as the same words', () => {
  expect(commandLine(['patchnas', 'run', 'a b.yaml', '--set', "name='x'", '--jobs=2'])).toBe(
    `patchnas run 'a b.yaml' --set 'name='\\''x'\\''' --jobs=2`,
  );
});

it('columns are as wide as their widest cell', () => {
  expect(
    columns([
      ['A', { right: 'SIZE' }],
      ['long', { right: '1' }],
    ]),
  ).toBe('A     SIZE\nlong     1');
  expect(columns([])).toBe('');
});

it('a difference names the field with both values', () => {
  expect(formatDifference({ path: 'params.sigma', before: 0.95, now: 0.9 })).toBe(
    'params.sigma: 0.95 -> 0.9',
  );
  expect(formatDifference({ path: 'stream', before: undefined, now: 'a/b' })).toBe(
    'stream: nothing -> "a/b"',
  );
  expect(formatDifference({ path: 'inputs.gate', before: 'a'.repeat(64), now: 'b'.repeat(64) })).toBe(
    `inputs.gate: ${'a'.repeat(12)} -> ${'b'.repeat(12)}`,
  );
  expect(formatDifference({ path: 'p', before: Array.from({ length: 50 }, (_, i) => i), now: [] })).toBe(
    'p: [0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,... -> []',
  );
});
