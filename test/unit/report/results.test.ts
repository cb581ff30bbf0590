import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { sha256 } from '../../../src/core/digest.js';
import { formatError } from '../../../src/core/errors.js';
import { writeResults, type ReportFiles } from '../../../src/report/index.js';
import { tempFolder } from '../../support/temp-folder.js';

const files = { 'resolved.yaml': 'name: a\n', 'table-1.csv': 'x\n', 'figures/figure-4.csv': 'y\n' };
const write = (dir: string, made: ReportFiles) => writeResults(dir, made, (config) => config.toLowerCase());
const other = { ...files, 'resolved.yaml': 'name: a\nseed: 2\n' };

test('writes every file, also into folders, and leaves nothing else', async () => {
  const results = await tempFolder();
  const dir = join(results, 'a');
  expect(await write(dir, files)).toBe(dir);
  expect(await readFile(join(dir, 'figures/figure-4.csv'), 'utf8')).toBe('y\n');
  expect((await readdir(dir)).sort()).toEqual(['figures', 'resolved.yaml', 'table-1.csv']);
  expect(await readdir(results)).toEqual(['a']);
});

test('the same config replaces its results and keeps what somebody put beside them', async () => {
  const results = await tempFolder();
  const dir = join(results, 'a');
  await write(dir, files);
  await mkdir(join(dir, 'notes'));
  await writeFile(join(dir, 'notes/mine.txt'), 'mine');
  expect(await write(dir, { ...files, 'table-1.csv': 'new\n' })).toBe(dir);
  expect(await readFile(join(dir, 'table-1.csv'), 'utf8')).toBe('new\n');
  expect(await readFile(join(dir, 'notes/mine.txt'), 'utf8')).toBe('mine');
  expect(await readdir(results)).toEqual(['a']);
});

test('the same experiment in other words replaces them too', async () => {
  const results = await tempFolder();
  const dir = join(results, 'a');
  await write(dir, files);
  expect(await write(dir, { ...files, 'resolved.yaml': 'NAME: a\n' })).toBe(dir);
  expect(await readFile(join(dir, 'resolved.yaml'), 'utf8')).toBe('NAME: a\n');
  expect(await readdir(results)).toEqual(['a']);
});

test('another config of the same name goes beside it, again and again to the same place', async () => {
  const results = await tempFolder();
  const dir = join(results, 'a');
  const beside = `${dir}-${sha256(other['resolved.yaml']).slice(0, 8)}`;
  await write(dir, files);
  expect(await write(dir, other)).toBe(beside);
  expect(await write(dir, other)).toBe(beside);
  expect(await readFile(join(dir, 'resolved.yaml'), 'utf8')).toBe('name: a\n');
  expect((await readdir(results)).length).toBe(2);
});

test('a folder that holds something else is left alone', async () => {
  const results = await tempFolder();
  const dir = join(results, 'a');
  await mkdir(dir);
  await writeFile(join(dir, 'thesis.tex'), 'years of work');
  expect(await write(dir, files)).not.toBe(dir);
  expect(await readdir(dir)).toEqual(['thesis.tex']);
});

test('a failure in the middle leaves the old results and nothing else', async () => {
  const results = await tempFolder();
  const dir = join(results, 'a');
  await write(dir, files);
  const impossible = { ...files, 'table-1.csv/inside.csv': 'a file cannot be a folder' };
  await expect(write(dir, impossible)).rejects.toMatchObject({ code: 'PN640', where: dir });
  expect(await readFile(join(dir, 'table-1.csv'), 'utf8')).toBe('x\n');
  expect(await readdir(results)).toEqual(['a']);
});

test('a file in the way of the folder: says where and how to mend it', async () => {
  const dir = join(await tempFolder(), 'a');
  await writeFile(dir, 'a file');
  const error: unknown = await write(dir, files).catch((caught: unknown) => caught);
  expect(formatError(error)).toBe(
    `PN640 the results cannot be written: ENOTDIR: not a directory, scandir '${dir}'\n` +
      `  at ${dir}\n  Give another folder, or make room and permission there.`,
  );
});
