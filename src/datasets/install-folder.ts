import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import { publishFolder } from '../core/atomic-fs.js';
import { sha256 } from '../core/digest.js';
import { diskReason } from '../core/disk-reason.js';
import { DataError } from '../core/errors.js';
import { isGone, processId, thisPlace } from '../core/process-identity.js';

export interface InstallOptions {
  /** Fills `staged`; `work` is its parent, for whatever is needed on the way. Both vanish when this fails. */
  readonly fill: (staged: string, work: string) => Promise<void>;
  /** Asked when something already has the final name: keep that (another process was quicker) or replace it? */
  readonly isWhole: (folder: string) => Promise<boolean>;
  /** What all of it takes at its peak, for the message about a full disk. */
  readonly neededText: string;
}

/**
 * Makes a folder under a temporary name beside `final` and renames it when it is whole, so that nothing half ever
 * has the final name. The temporary name tells the process: what a killed one has left is removed next time.
 * @throws {DataError} PN336 when the disk is full or cannot be written
 */
export async function installFolder(final: string, options: InstallOptions): Promise<void> {
  try {
    await install(final, options);
  } catch (error) {
    throw explainDisk(error, dirname(final), options.neededText);
  }
}

async function install(final: string, { fill, isWhole }: InstallOptions): Promise<void> {
  const parent = dirname(final);
  const prefix = `.${basename(final)}~${placeName()}~`;
  const own = processId(process.pid);
  const work = join(parent, `${prefix}${own.pid}~${own.start ?? ''}~${randomUUID()}`);
  const staged = join(work, basename(final));
  await mkdir(parent, { recursive: true });
  await removeLeftovers(parent, prefix);
  try {
    await mkdir(staged, { recursive: true });
    await fill(staged, work);
    await moveIntoPlace(staged, final, join(work, 'replaced'), isWhole);
  } finally {
    await rm(work, { recursive: true, force: true });
    await removeLeftovers(parent, prefix); // once more: npm outlives a killed parent for some seconds, and writes on
  }
}

async function moveIntoPlace(
  staged: string,
  final: string,
  replaced: string,
  isWhole: InstallOptions['isWhole'],
): Promise<void> {
  try {
    await publishFolder(staged, final);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST' && code !== 'ENOTDIR') throw error;
    if (await isWhole(final)) return;
    await rename(final, replaced);
    await publishFolder(staged, final);
  }
}

/** Where process ids mean the same, in 8 characters. Not the boot: start times tell boots apart. */
function placeName(): string {
  const { host, machine, pidNamespace } = thisPlace();
  return sha256(`${host}\n${machine ?? ''}\n${pidNamespace ?? ''}`).slice(0, 8);
}

/** Removes, as far as it can, what processes that are gone have left. */
async function removeLeftovers(parent: string, prefix: string): Promise<void> {
  for (const name of await readdir(parent)) {
    if (!name.startsWith(prefix)) continue;
    const [pid, start] = name.slice(prefix.length).split('~');
    if (!isGone({ pid: Number(pid), start: start || undefined })) continue;
    await rm(join(parent, name), { recursive: true, force: true }).catch(() => undefined);
  }
}

function explainDisk(error: unknown, folder: string, neededText: string): unknown {
  const reason = diskReason(error);
  if (reason === undefined) return error;
  return new DataError(`the data set cannot be written: ${reason}`, {
    code: 'PN336',
    where: folder,
    fix: `It takes ${neededText}. Make room or give access, or set PATCHNAS_CACHE to another folder.`,
    cause: error,
  });
}
