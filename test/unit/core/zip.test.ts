import { execFileSync } from 'node:child_process';
import { open, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { DataError, formatError } from '../../../src/core/errors.js';
import { ZipFile } from '../../../src/core/zip.js';
import { tempFolder } from '../../support/temp-folder.js';
import { writeZip } from '../../support/zip-file.js';

const entries = [
  { name: 'a/one.txt', bytes: Buffer.from('first') },
  { name: 'a/é', bytes: Buffer.alloc(0) },
  { name: 'b', bytes: Buffer.from([0, 255, 0x50, 0x4b, 5, 6]) },
];

async function contents(path: string): Promise<[string, string][]> {
  const zip = await ZipFile.open(path);
  try {
    return await Promise.all(
      zip.names.map(async (name): Promise<[string, string]> => {
        const bytes = await zip.read(name);
        expect(zip.sizeOf(name)).toBe(bytes.length);
        return [name, Buffer.from(bytes).toString('latin1')];
      }),
    );
  } finally {
    await zip.close();
  }
}

const all = entries.map(({ name, bytes }): [string, string] => [name, bytes.toString('latin1')]);

describe('an archive', () => {
  it.each([false, true])('gives its entries (Zip64: %s)', async (zip64) => {
    const path = join(await tempFolder(), 'a.zip');
    await writeZip(path, entries, zip64);
    expect(await contents(path)).toEqual(all);
  });

  it("of Python's zipfile gives its entries, with a comment behind them", async () => {
    const path = join(await tempFolder(), 'a.zip');
    const program = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w") as archive:
    with archive.open("a/one.txt", "w", force_zip64=True) as entry: entry.write(b"first")
    archive.writestr("a/é", b"")
    archive.writestr("b", bytes([0, 255, 0x50, 0x4b, 5, 6]))
    archive.comment = b"PK and so on" * 100
`;
    execFileSync('python3', ['-c', program, path]);
    expect(await contents(path)).toEqual(all);
  });

  it('of more than 4 GB is read at its far end', async () => {
    const path = join(await tempFolder(), 'large.zip');
    await writeZip(path, [entries[0]!, { ...entries[2]!, at: 5_000_000_000 }], true);
    expect((await stat(path)).size).toBeGreaterThan(5_000_000_000);
    expect(await contents(path)).toEqual([all[0], all[2]]);
  });
});

describe('a bad archive', () => {
  async function refusal(change: (path: string) => Promise<void>): Promise<string> {
    const path = join(await tempFolder(), 'a.zip');
    await writeZip(path, entries);
    await change(path);
    const error: unknown = await contents(path).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(DataError);
    return formatError(error).replaceAll(path, 'a.zip');
  }

  const said = (what: string, fix = 'Copy it or make it again: it is damaged.') =>
    `PN372 the zip archive cannot be read: ${what}\n  at a.zip\n  ${fix}`;

  /** Replaces bytes of the file, counted from its front or, where negative, from its end. */
  const patch = (at: number, bytes: readonly number[]) => async (path: string) => {
    const file = await open(path, 'r+');
    await file.write(Uint8Array.from(bytes), 0, undefined, at < 0 ? (await file.stat()).size + at : at);
    await file.close();
  };
  const cut = (count: number) => async (path: string) => {
    const bytes = await readFile(path);
    await writeFile(path, bytes.subarray(0, bytes.length - count));
  };

  it.each([
    ['that is empty', cut(1e6), 'its end has no directory, so it is truncated'],
    ['without its end', cut(1), 'its end has no directory, so it is truncated'],
    [
      'that does not begin where it should',
      patch(0, [0]),
      'a/one.txt does not begin at byte 0, as the directory says',
    ],
    ['with more entries than there are', patch(-12, [9]), 'its directory has 3 of 9 entries'],
    [
      'with a directory beyond its end',
      patch(-6, [255, 255]),
      'bytes 65535 to 65687 of it are declared, and it has 289',
    ],
    ['with a huge directory', patch(-10, [0, 0, 0, 128]), 'it declares a directory of 2147483648 bytes'],
    ['without its Zip64 part', patch(-6, [255, 255, 255, 255]), 'its Zip64 directory is missing'],
  ])('%s', async (_case, change, what) => {
    expect(await refusal(change)).toBe(said(what));
  });

  it('with compressed entries: how to pack it otherwise', async () => {
    const change = (path: string) => writeZip(path, [{ ...entries[0]!, method: 8 }]);
    expect(await refusal(change)).toBe(
      said('a/one.txt is compressed', 'Pack it again without compression (zip -0).'),
    );
  });

  it('with Zip64 numbers that no file can have', async () => {
    const change = async (path: string) => {
      await writeZip(path, entries, true);
      await patch(-22 - 20 - 8, [255, 255, 255, 255, 255, 255, 255, 255])(path);
    };
    expect(await refusal(change)).toBe(said('it declares the number 18446744073709552000'));
  });

  it('whose Zip64 part is elsewhere', async () => {
    const change = async (path: string) => {
      await writeZip(path, entries, true);
      await patch(-22 - 12, [0])(path);
    };
    expect(await refusal(change)).toMatch(
      /PN372 the zip archive cannot be read: its Zip64 directory is not where it says/,
    );
  });
});
