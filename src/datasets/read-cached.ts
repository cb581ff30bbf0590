import { Value } from 'typebox/value';

import { findEntry } from '../core/entry.js';
import type { DatasetContent, DatasetEntry } from './dataset.js';
import { datasets } from './index.js';
import { notInCache } from './not-in-cache.js';

/**
 * Reads a data set with its default parameters, and fetches nothing.
 * @throws {DataError} PN338 when it is not in the cache, PN331 when its bytes are not what they should be
 */
export async function readCached(name: string, cacheDir: string): Promise<DatasetContent> {
  const entry = findEntry<DatasetEntry>(datasets, name);
  const dataset = await entry.load();
  const folder = await dataset.find(cacheDir);
  if (folder === undefined) throw notInCache(name, dataset.locate(cacheDir), dataset);
  return dataset.read(folder, Value.Create(entry.params));
}
