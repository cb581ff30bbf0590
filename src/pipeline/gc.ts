import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { isErrno } from '../core/errno.js';
import { StoreError } from '../core/errors.js';
import { guardStore } from './io-error.js';
import { describeHolder } from './lock.js';
import type { Place, Store } from './store.js';

export interface GcOptions {
  /** Keys that stay, whatever their age. */
  readonly keep: ReadonlySet<string>;
  /** Records that were of use since then stay. Milliseconds since 1970. */
  readonly unusedSinceMs: number;
  /** Only say what would go. */
  readonly isDryRun: boolean;
}

/** A folder that goes or went. */
export interface Removed {
  readonly path: string;
  readonly bytes: number;
}

/**
 * Removes records with their outputs, and the checkpoints, logs, events and damaged records of that age.
 * @throws {StoreError} PN606 while a run writes to the store
 */
export async function collectGarbage(store: Store, options: GcOptions): Promise<Removed[]> {
  const writer = (await store.writers())[0];
  if (writer)
    throw new StoreError('a run is writing to the store', {
      code: 'PN606',
      where: `${store.root}, by ${describeHolder(writer)}`,
      fix: 'Wait for it or stop it, then collect again.',
    });
  const isOld = async (path: string): Promise<boolean> => (await stat(path)).mtimeMs < options.unusedSinceMs;
  const removed: Removed[] = [];
  const note = async (path: string, remove: () => Promise<void>): Promise<void> => {
    removed.push({ path, bytes: await sizeOf(path) });
    if (!options.isDryRun) await remove();
  };
  return guardStore(store.root, async () => {
    for (const place of await store.places()) {
      const path = store.folder(place);
      if (!options.keep.has(place.key) && (await isOld(path))) await note(path, () => store.remove(place));
    }
    for (const path of await leftovers(store, options.keep))
      if (await isOld(path)) await note(path, () => rm(path, { recursive: true, force: true }));
    return removed;
  });
}

/** Everything beside the records that a store gathers over time. */
async function leftovers(store: Store, keep: ReadonlySet<string>): Promise<string[]> {
  const inside = async (...parts: string[]): Promise<string[]> =>
    (await names(store.path(...parts))).map((name) => store.path(...parts, name));
  const checkpoints: Place[] = [];
  for (const stage of await names(store.path('checkpoints')))
    for (const key of await names(store.path('checkpoints', stage))) checkpoints.push({ stage, key });
  return [
    ...checkpoints.filter(({ key }) => !keep.has(key)).map((place) => store.checkpointFolder(place)),
    ...(await inside('damaged')),
    ...(await inside('logs')),
    ...(await inside('runs')),
  ];
}

/** Bytes of a file, or of a folder with all that is in it. */
export async function sizeOf(path: string): Promise<number> {
  const found = await stat(path);
  if (!found.isDirectory()) return found.size;
  const sizes = await Promise.all((await readdir(path)).map((name) => sizeOf(join(path, name))));
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function names(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: unknown) => {
    if (isErrno(error, 'ENOENT')) return [];
    throw error;
  });
}
