import { DataError } from '../core/errors.js';
import type { Dataset } from './dataset.js';

/** For commands that look at a data set and do not fetch it. */
export function notInCache(name: string, folder: string, { sizeText }: Dataset): DataError {
  return new DataError(`the data set ${name} is not in the cache`, {
    code: 'PN338',
    where: folder,
    fix: `Fetch it (${sizeText}):\n  patchnas data fetch ${name}`,
  });
}
