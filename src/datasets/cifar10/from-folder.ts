import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { DataError } from '../../core/errors.js';
import type { EnsureOptions } from '../dataset.js';
import { bytesOf, readPinnedFiles, requireWhole, type PinnedFile } from '../pinned-files.js';
import { recordsOfPickle } from './from-pickles.js';
import { folderName, officialFiles, pythonFolderName } from './pins.js';

/** A folder with the official files, in the binary version or in that for Python, whose names have no extension. */
export interface OfficialFolder {
  readonly folder: string;
  readonly isPickled: boolean;
}

/**
 * The folder with the official files: the given one, or the official folder in it; the binary version goes first.
 * @throws {DataError} PN337 when there is no such folder, or it holds none of them
 */
export async function officialFolder(from: string): Promise<OfficialFolder> {
  const found = await typeOf(from);
  const fix =
    `Name the folder ${folderName} (unpacked from cifar-10-binary.tar.gz) or ${pythonFolderName} ` +
    '(from cifar-10-python.tar.gz), or the folder that holds it.';
  if (found !== 'folder') {
    const what = found === 'file' ? 'a file' : 'nothing';
    throw new DataError(`--from must name a folder, but there is ${what}`, {
      code: 'PN337',
      where: from,
      fix,
    });
  }
  for (const isPickled of [false, true])
    for (const folder of [from, join(from, isPickled ? pythonFolderName : folderName)]) {
      const paths = officialFiles.map((file) => pathOf({ folder, isPickled }, file));
      if ((await Promise.all(paths.map(typeOf))).includes('file')) return { folder, isPickled };
    }
  throw new DataError('--from names a folder without any of its files', { code: 'PN337', where: from, fix });
}

function pathOf({ folder, isPickled }: OfficialFolder, { name }: PinnedFile): string {
  return join(folder, isPickled ? name.replace('.bin', '') : name);
}

/**
 * Copies the official files, each checked as it is read; pickles become the binary files that they stand for.
 * @throws {DataError} PN331 with all that differ, PN370 or PN371 for a pickle that is none of them
 */
export async function copyOfficial(
  title: string,
  source: OfficialFolder,
  staged: string,
  { emit, signal }: EnsureOptions,
): Promise<void> {
  const total = officialFiles.length;
  const report = (done: number): void =>
    emit({ type: 'setup', time: Date.now(), what: `copying ${title}`, done, total, unit: 'files' });
  let done = 0;
  report(done);
  const read = async (file: PinnedFile): Promise<Uint8Array | undefined> => {
    signal.throwIfAborted();
    const path = pathOf(source, file);
    const bytes = await bytesOf(path);
    return source.isPickled && bytes ? recordsOfPickle(bytes, path) : bytes;
  };
  const checks = await readPinnedFiles(officialFiles, read, async (file, bytes) => {
    await writeFile(join(staged, file.name), bytes);
    report(++done);
  });
  requireWhole(title, source.folder, checks, 'Copy these files again from where they came.');
}

async function typeOf(path: string): Promise<'file' | 'folder' | 'nothing'> {
  return stat(path).then(
    (stats) => (stats.isDirectory() ? 'folder' : 'file'),
    () => 'nothing',
  );
}
