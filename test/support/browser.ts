import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const names = ['chromium', 'chromium-browser', 'google-chrome'];

/** The path of a Chromium on this machine. */
export function findBrowser(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(':');
  return folders
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find((path) => existsSync(path));
}

export interface Visit {
  /** The page after its scripts have run, as HTML. */
  readonly dom: string;
  /** What was written to the console, errors among it. */
  readonly console: readonly string[];
}

/** Opens a file in a headless browser with a profile of its own. Frames may look into other files. */
export async function visit(browser: string, file: string, profile: string): Promise<Visit> {
  const { stdout, stderr } = await promisify(execFile)(
    browser,
    [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--allow-file-access-from-files',
      '--enable-logging=stderr',
      `--user-data-dir=${profile}`,
      '--virtual-time-budget=5000',
      '--dump-dom',
      `file://${file}`,
    ],
    { timeout: 60_000, maxBuffer: 64e6 },
  );
  return { dom: stdout, console: stderr.split('\n').filter((line) => line.includes(':CONSOLE')) };
}
