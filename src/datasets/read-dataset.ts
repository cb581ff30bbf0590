import { Value } from 'typebox/value';

import { findEntry } from '../core/entry.js';
import type { DatasetContent, DatasetEntry, DatasetParams } from './dataset.js';
import { folderToRead } from './folder-to-read.js';
import { datasets } from './index.js';
import { notInCache } from './not-in-cache.js';
import { hasRoot } from './root.js';

/**
 * Reads a data set with its default parameters, and fetches nothing.
 * @param place the folder in which it stands; without it the cache is looked at
 * @throws {UsageError} PN209 when it can stand only in a folder that was not named
 * @throws {DataError} PN338 when it is not in the cache, and what reading it throws
 */
export async function readDataset(
  name: string,
  place: { readonly from: string | undefined; readonly cacheDir: string },
): Promise<DatasetContent> {
  const entry = findEntry<DatasetEntry>(datasets, name);
  const dataset = await entry.load();
  const folder = folderToRead(entry, dataset, place);
  if (place.from === undefined && (await dataset.find(place.cacheDir)) === undefined)
    throw notInCache(name, folder, dataset);
  const params = Value.Default(entry.params, hasRoot(entry) ? { root: folder } : {}) as DatasetParams;
  return dataset.read(folder, params);
}
