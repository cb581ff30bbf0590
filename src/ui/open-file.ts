import { spawn } from 'node:child_process';
import { pathToFileURL } from 'node:url';

import { UsageError } from '../core/errors.js';

/**
 * Opens a file in the program that the desktop has for it; does not wait until that is closed.
 * @throws {UsageError} PN286 where there is no desktop
 */
export async function openFile(path: string): Promise<void> {
  const opener = spawn('xdg-open', [path], { detached: true, stdio: 'ignore' });
  await new Promise<void>((resolve, reject) => {
    opener.once('spawn', resolve);
    opener.once('error', (cause) =>
      reject(
        new UsageError('nothing here can open a page: there is no xdg-open', {
          code: 'PN286',
          fix: `Open it in a browser: ${pathToFileURL(path).href}`,
          cause,
        }),
      ),
    );
  });
  opener.unref();
}
