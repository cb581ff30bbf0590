import { homedir } from 'node:os';
import { join } from 'node:path';

/** The cache folder of the person who runs the tests; `npm test` has put the data sets there. */
export const cacheDir =
  process.env['PATCHNAS_CACHE'] ??
  join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'patchnas');
