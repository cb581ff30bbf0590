import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Event } from '../../src/core/events.js';
import { tempFolder } from './temp-folder.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Outcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** Added to a small environment of its own; undefined removes. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Seen as each piece of output comes, with a way to end the process. */
  readonly onOutput?: (text: string, kill: (signal: NodeJS.Signals) => void) => void;
}

/** The real command in a temporary folder with a cache of its own. */
export class Rig {
  private constructor(readonly folder: string) {
    if (!existsSync(join(root, 'dist/commands'))) throw new Error('these tests need a build: npm run build');
  }

  /** For one test; the folder goes when it ends. */
  static async open(): Promise<Rig> {
    return new Rig(await tempFolder());
  }

  /** In a folder that the caller made and removes. */
  static at(folder: string): Rig {
    return new Rig(folder);
  }

  path(...parts: string[]): string {
    return join(this.folder, ...parts);
  }

  /** Writes files, by name and text. */
  async write(files: Readonly<Record<string, string>>): Promise<void> {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(this.path(name)), { recursive: true });
      await writeFile(this.path(name), text);
    }
  }

  async read(name: string): Promise<string> {
    return readFile(this.path(name), 'utf8');
  }

  /** Runs `patchnas <line>`; words are split at spaces. */
  run(line: string, options: RunOptions = {}): Promise<Outcome> {
    return this.exec(
      process.execPath,
      [join(root, 'bin/run.js'), ...line.split(' ').filter(Boolean)],
      options,
    );
  }

  /** Runs any program in the rig's folder and surroundings. */
  exec(program: string, args: readonly string[], { env = {}, onOutput }: RunOptions = {}): Promise<Outcome> {
    const surroundings = {
      PATH: process.env.PATH,
      HOME: this.folder,
      PATCHNAS_CACHE: this.path('cache'),
      ...env,
    };
    return new Promise((resolve, reject) => {
      const child = spawn(program, args, {
        cwd: this.folder,
        env: surroundings,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const texts = { stdout: '', stderr: '' };
      for (const name of ['stdout', 'stderr'] as const)
        child[name].setEncoding('utf8').on('data', (text: string) => {
          texts[name] += text;
          onOutput?.(text, (signal) => child.kill(signal));
        });
      child.once('error', reject);
      child.once('close', (code, signal) => resolve({ code, signal, ...texts }));
    });
  }

  /** The events of the latest run, from its file in the store. */
  async events(store = this.path('cache/store')): Promise<Event[]> {
    const latest = (await readdir(join(store, 'runs'))).sort().at(-1);
    if (latest === undefined) throw new Error(`no run in ${store}`);
    const text = await readFile(join(store, 'runs', latest, 'events.jsonl'), 'utf8');
    return text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Event);
  }
}
