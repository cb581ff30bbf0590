import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { EngineError } from '../core/errors.js';
import { readEngineRecord } from './engine-record.js';
import { enginesFolder } from './engines.js';
import { createWorkFolder } from './work-folder.js';

/**
 * Fills a folder under a temporary name and renames it when it is whole. Where another process was quicker, its engine
 * stays; a folder of that name without a record is replaced.
 * @throws {EngineError} PN414 where the cache cannot be written
 */
export async function publishEngine(
  cacheDir: string,
  key: string,
  fill: (folder: string) => Promise<void>,
): Promise<void> {
  const parent = enginesFolder(cacheDir);
  const final = join(parent, key);
  let folder: string | undefined;
  try {
    await mkdir(parent, { recursive: true });
    folder = await createWorkFolder(parent, key);
    await fill(folder);
    if (readEngineRecord(final)) return;
    await rm(final, { recursive: true, force: true });
    await rename(folder, final);
  } catch (error) {
    if (!readEngineRecord(final)) throw explainDisk(error, parent);
  } finally {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }
}

const diskReasons: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EACCES: 'no permission to write',
  EPERM: 'no permission to write',
  EROFS: 'the file system is read-only',
  ENOTDIR: 'a file stands where a folder should be',
  EEXIST: 'a file stands where a folder should be',
};

function explainDisk(error: unknown, folder: string): unknown {
  const reason = diskReasons[(error as NodeJS.ErrnoException).code ?? ''];
  if (reason === undefined) return error;
  return new EngineError(`the engine cannot be written: ${reason}`, {
    code: 'PN414',
    where: folder,
    fix: 'Make room or give access, or set PATCHNAS_CACHE to another folder.',
    cause: error,
  });
}
