import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { rowsInFile, rowsInMemory } from '../../../src/core/row-store.js';
import { tempFolder } from '../../support/temp-folder.js';

const kinds = [
  ['in memory', (_folder: string, count: number, rowSize: number) => rowsInMemory(count, rowSize)],
  ['in a file', (folder: string, _count: number, rowSize: number) => rowsInFile(folder, rowSize)],
] as const;

describe.each(kinds)('rows %s', (_name, make) => {
  it('come back bit for bit, in any order and as often as is wanted', async () => {
    const store = make(await tempFolder(), 5, 3);
    const row = (n: number): number[] => [n + 0.1, -n, 1e-40 * n].map(Math.fround);
    const put = (from: number, to: number): void => {
      // Rows of a larger array, so that its bytes do not begin where the rows do.
      const all = Float32Array.from([
        9,
        ...Array.from({ length: to - from }, (_, k) => row(from + k)).flat(),
      ]);
      store.put(from, all.subarray(1));
    };
    put(3, 5);
    put(0, 3);
    expect([...store.take([4, 0, 4, 2])]).toEqual([4, 0, 4, 2].flatMap(row));
    expect(store.take([]).length).toBe(0);
    store.take([1]).fill(7); // what was taken is the taker's
    expect([...store.take([1])]).toEqual(row(1));
    store.close();
  });
});

it('a file of rows has no name, so nothing of it is left however the process ends', async () => {
  const folder = await tempFolder();
  const store = rowsInFile(folder, 2);
  store.put(0, Float32Array.of(1, 2));
  expect(await readdir(folder)).toEqual([]);
  expect([...store.take([0])]).toEqual([1, 2]);
  store.close();
  expect(() => store.take([0])).toThrow('EBADF');
});

it('a row that was not written is not made up', async () => {
  const store = rowsInFile(await tempFolder(), 2);
  store.put(0, Float32Array.of(1, 2));
  expect(() => store.take([0, 1])).toThrow('row 1 was not written');
  store.close();
});

it('a folder that is not there is the error of the file system', async () => {
  const folder = join(await tempFolder(), 'missing');
  expect(() => rowsInFile(folder, 2)).toThrow('ENOENT');
});
