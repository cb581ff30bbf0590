import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { DataError } from '../../core/errors.js';
import type { EnsureOptions } from '../dataset.js';
import { readPinnedFiles, requireWhole } from '../pinned-files.js';
import { folderName, officialFiles, pythonFolderName } from './pins.js';

/**
 * The folder with the official files: the given one, or the official folder in it.
 * @throws {DataError} PN337 when there is no such folder, it is the version for Python, or it holds none of them
 */
export async function officialFolder(from: string): Promise<string> {
  const inside = join(from, folderName);
  const folder = (await typeOf(inside)) === 'folder' ? inside : from;
  const found = await typeOf(folder);
  const fix = `Name the folder ${folderName} (unpacked from cifar-10-binary.tar.gz), or the folder that holds it.`;
  if (found !== 'folder') {
    const what = found === 'file' ? 'a file' : 'nothing';
    throw new DataError(`--from must name a folder, but there is ${what}`, {
      code: 'PN337',
      where: from,
      fix,
    });
  }
  for (const place of [folder, join(folder, pythonFolderName)])
    if ((await typeOf(join(place, 'data_batch_1'))) === 'file')
      throw new DataError('--from names the version for Python, which is pickled', {
        code: 'PN337',
        where: place,
        fix: `${fix}\n${conversion(place)}`,
      });
  const files = await Promise.all(officialFiles.map(({ name }) => typeOf(join(folder, name))));
  if (!files.includes('file'))
    throw new DataError('--from names a folder without any of its files', {
      code: 'PN337',
      where: from,
      fix,
    });
  return folder;
}

/**
 * Pickles may run code when they are read, so we do not read them. A record of the pickles is a record of the binary
 * files already: a label, then a row of 3072 bytes.
 */
function conversion(folder: string): string {
  // In one line, so that it can be copied from an indented message.
  const program =
    "import pickle; [open(n + '.bin', 'wb').write(b''.join(bytes([label]) + row.tobytes() " +
    "for label, row in zip(b['labels'], b['data']))) " +
    "for n in ['data_batch_%d' % i for i in range(1, 6)] + ['test_batch'] " +
    "for b in [pickle.load(open(sys.argv[1] + '/' + n, 'rb'), encoding='latin1')]]";
  return [
    'Or make it here from the pickles, with Python and NumPy; every byte of the result is checked:',
    `  python3 -c "import sys; ${program}" ${JSON.stringify(folder)}`,
    '  patchnas data fetch cifar10 --from .',
  ].join('\n');
}

/** Copies the official files, each checked as it is read. @throws {DataError} PN331 with all that differ */
export async function copyOfficial(
  title: string,
  source: string,
  staged: string,
  { emit, signal }: EnsureOptions,
): Promise<void> {
  const total = officialFiles.length;
  const report = (done: number): void =>
    emit({ type: 'setup', time: Date.now(), what: `copying ${title}`, done, total, unit: 'files' });
  let done = 0;
  report(done);
  const checks = await readPinnedFiles(source, officialFiles, async (file, bytes) => {
    signal.throwIfAborted();
    await writeFile(join(staged, file.name), bytes);
    report(++done);
  });
  requireWhole(title, source, checks, 'Copy these files again from where they came.');
}

async function typeOf(path: string): Promise<'file' | 'folder' | 'nothing'> {
  return stat(path).then(
    (stats) => (stats.isDirectory() ? 'folder' : 'file'),
    () => 'nothing',
  );
}
