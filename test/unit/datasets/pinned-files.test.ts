import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { sha256 } from '../../../src/core/digest.js';
import { formatError } from '../../../src/core/errors.js';
import {
  bytesOf,
  checkPinnedFiles,
  describeCheck,
  readPinnedFiles,
  requireWhole,
  type PinnedFile,
} from '../../../src/datasets/pinned-files.js';
import { tempFolder } from '../../support/temp-folder.js';

const texts = { 'a.bin': 'first', 'b.bin': 'second', 'c.bin': 'third', 'd.bin': 'fourth', 'e.bin': 'fifth' };
const files: PinnedFile[] = Object.entries(texts).map(([name, text]) => ({
  name,
  sizeBytes: text.length,
  sha256: sha256(text),
}));

/** a is right, b missing, c truncated, d altered, e too long. */
async function damagedFolder(): Promise<string> {
  const folder = await tempFolder();
  await writeFile(join(folder, 'a.bin'), 'first');
  await writeFile(join(folder, 'c.bin'), 'thi');
  await writeFile(join(folder, 'd.bin'), 'f0urth');
  await writeFile(join(folder, 'e.bin'), 'fifth and more');
  return folder;
}

const told = [
  'a.bin: 5 bytes, as expected',
  `b.bin: missing
  expected 6 bytes, SHA-256 ${sha256('second')}`,
  `c.bin: truncated
  expected 5 bytes, SHA-256 ${sha256('third')}
  found 3 bytes, SHA-256 ${sha256('thi')}`,
  `d.bin: altered
  expected 6 bytes, SHA-256 ${sha256('fourth')}
  found 6 bytes, SHA-256 ${sha256('f0urth')}`,
  `e.bin: too long
  expected 5 bytes, SHA-256 ${sha256('fifth')}
  found 14 bytes, SHA-256 ${sha256('fifth and more')}`,
];

describe('checkPinnedFiles', () => {
  it('tells missing, truncated, altered and too long files', async () => {
    const checks = await checkPinnedFiles(await damagedFolder(), files, { digests: true });
    expect(checks.map((check) => check.ok)).toEqual([true, false, false, false, false]);
    expect(checks.map(describeCheck)).toEqual(told);
  });

  it('by size alone does not see an altered byte', async () => {
    const checks = await checkPinnedFiles(await damagedFolder(), files, { digests: false });
    expect(checks.map((check) => check.ok)).toEqual([true, false, false, true, false]);
  });

  it('takes a folder in place of a file for missing, and a missing folder for an empty one', async () => {
    const folder = await tempFolder();
    await mkdir(join(folder, 'a.bin'));
    for (const where of [folder, join(folder, 'none'), join(folder, 'a.bin', 'deeper')]) {
      const checks = await checkPinnedFiles(where, files, { digests: true });
      expect(checks.map((check) => check.found)).toEqual(files.map(() => undefined));
    }
  });
});

describe('readPinnedFiles', () => {
  it('hands over the right files only, and tells of the others', async () => {
    const used: [string, string][] = [];
    const folder = await damagedFolder();
    const checks = await readPinnedFiles(
      files,
      ({ name }) => bytesOf(join(folder, name)),
      (file, bytes) => {
        used.push([file.name, Buffer.from(bytes).toString()]);
      },
    );
    expect(used).toEqual([['a.bin', 'first']]);
    expect(checks.map(describeCheck)).toEqual(told);
  });
});

describe('requireWhole', () => {
  it('names every bad file at once', async () => {
    const folder = await damagedFolder();
    const checks = await checkPinnedFiles(folder, files, { digests: true });
    const text = [
      'PN331 4 of 5 files of Letters missing, truncated or altered',
      ...told.slice(1).map((text) => `  ${text.replaceAll('\n', '\n  ')}`),
      `  at ${folder}`,
      '  Copy them again.',
    ].join('\n');
    let error: unknown;
    try {
      requireWhole('Letters', folder, checks, 'Copy them again.');
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({ exitCode: 3 });
    expect(formatError(error)).toBe(text);
  });

  it('is content when all are right', async () => {
    const folder = await damagedFolder();
    const checks = await checkPinnedFiles(folder, files.slice(0, 1), { digests: true });
    expect(() => requireWhole('Letters', folder, checks, '')).not.toThrow();
  });
});
