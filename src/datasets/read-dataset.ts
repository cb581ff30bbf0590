import { findEntry } from '../core/entry.js';
import type { DatasetContent, DatasetEntry, DatasetParams, EnsureOptions } from './dataset.js';
import { datasets } from './index.js';
import { paramsOf } from './params.js';
import { hasRoot, rootMissing } from './root.js';

/**
 * Reads a data set, which is fetched first where that is needed and allowed.
 * @param given parameters that have passed the schema; the others have their defaults
 * @throws {UsageError} PN209 when it can stand only in a folder that was not named
 * @throws {DataError} what getting or reading it throws
 */
export async function readDataset(
  name: string,
  options: EnsureOptions,
  given: DatasetParams = {},
): Promise<DatasetContent> {
  const entry = findEntry<DatasetEntry>(datasets, name);
  if (hasRoot(entry) && options.from === undefined) throw rootMissing(name);
  const dataset = await entry.load();
  const params = paramsOf(entry, given);
  const folder = await dataset.ensure(options, params);
  return dataset.read(folder, params);
}
