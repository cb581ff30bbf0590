import { join } from 'node:path';

import { expect, it } from 'vitest';

import { writeNpyRows } from '../../../src/core/npy-rows.js';
import { readNpy } from '../../../src/core/npy.js';
import { tempFolder } from '../../support/temp-folder.js';

it('puts rows into their places, in any order and several at a time', async () => {
  const path = join(await tempFolder(), 'a.npy');
  await writeNpyRows(path, [6, 1, 2], async (put) => {
    await Promise.all([
      put([1, 2, 5], Uint8Array.of(10, 11, 20, 21, 50, 51)),
      put([], new Uint8Array()),
      put([0, 3, 4], Uint8Array.of(0, 1, 30, 31, 40, 41)),
    ]);
  });
  expect(await readNpy(path)).toEqual({
    shape: [6, 1, 2],
    data: Uint8Array.of(0, 1, 10, 11, 20, 21, 30, 31, 40, 41, 50, 51),
  });
});

it('refuses bytes that are not those rows, and rows that are left out', async () => {
  const path = join(await tempFolder(), 'a.npy');
  await expect(writeNpyRows(path, [2, 3], (put) => put([0], Uint8Array.of(1, 2)))).rejects.toThrow(
    '1 rows of 3 bytes, but 2 bytes',
  );
  await expect(writeNpyRows(path, [2, 3], (put) => put([0], Uint8Array.of(1, 2, 3)))).rejects.toThrow(
    '1 of 2 rows were put',
  );
});
