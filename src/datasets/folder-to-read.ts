import { resolve } from 'node:path';

import { UsageError } from '../core/errors.js';
import type { Dataset, DatasetEntry } from './dataset.js';
import { hasRoot } from './root.js';

/**
 * Where a command looks for a data set: in the folder that a person names, else in the cache.
 * @throws {UsageError} PN209 when it can stand only in a folder of their own
 */
export function folderToRead(
  entry: DatasetEntry,
  dataset: Dataset,
  { from, cacheDir }: { readonly from: string | undefined; readonly cacheDir: string },
): string {
  if (from !== undefined) return resolve(from);
  if (!hasRoot(entry)) return dataset.locate(cacheDir);
  throw new UsageError(`the data set ${entry.name} stands in a folder of your own`, {
    code: 'PN209',
    fix: 'Name that folder: --from DIR',
  });
}
