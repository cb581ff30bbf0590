import { resolve } from 'node:path';

import type { Dataset, DatasetEntry } from './dataset.js';
import { paramsOf } from './params.js';
import { hasRoot, rootMissing } from './root.js';

/**
 * Where a command looks for a data set with default parameters: in the folder that a person names, else in the cache.
 * @throws {UsageError} PN209 when it can stand only in a folder of their own
 */
export function folderToRead(
  entry: DatasetEntry,
  dataset: Dataset,
  { from, cacheDir }: { readonly from: string | undefined; readonly cacheDir: string },
): string {
  if (from !== undefined) return resolve(from);
  if (!hasRoot(entry)) return dataset.locate(cacheDir, paramsOf(entry));
  throw rootMissing(entry.name);
}
