import { PatchnasError, StoreError } from '../core/errors.js';

/**
 * An error of the file system as a person should read it. Anything else comes back as it is.
 * @param path the store, or the file or folder in it that was touched
 */
export function toStoreError(error: unknown, path: string): unknown {
  if (error instanceof PatchnasError || !(error instanceof Error) || !('code' in error)) return error;
  const details = {
    where: 'path' in error && typeof error.path === 'string' ? error.path : path,
    cause: error,
  };
  switch (error.code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new StoreError(`no space left for the store (${error.code})`, {
        ...details,
        code: 'PN601',
        fix: 'Free some space, for example with "patchnas cache gc", or choose another disk with --store DIR.\nFinished stages are kept; the same command goes on from them.',
      });
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new StoreError(`the store cannot be read or written (${error.code})`, {
        ...details,
        code: 'PN602',
        fix: 'Give yourself the right to read and write it, or choose another folder with --store DIR.',
      });
    default:
      return new StoreError(`the store failed: ${error.message}`, {
        ...details,
        code: 'PN603',
        fix: 'Look at the path, or choose another folder with --store DIR.',
      });
  }
}

/** Runs `action` and turns its file system errors into StoreErrors. */
export async function guardStore<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw toStoreError(error, path);
  }
}
