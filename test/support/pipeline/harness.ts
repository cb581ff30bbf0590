import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { PatchnasError } from '../../../src/core/errors.js';
import type { Event } from '../../../src/core/events.js';
import { type KeyedTask, planKeys } from '../../../src/pipeline/key.js';
import { runTasks, type TaskResult } from '../../../src/pipeline/scheduler.js';
import type { Task } from '../../../src/pipeline/stage.js';
import { Store } from '../../../src/pipeline/store.js';
import { tempFolder } from '../temp-folder.js';
import { stages } from './stages.mjs';

if (!existsSync(new URL('../../../dist/pipeline/worker-process.js', import.meta.url)))
  throw new Error('these tests need a build: npm run build');

export const workerUrl = new URL('./worker.mjs', import.meta.url);

export interface RunHere {
  readonly jobs?: number;
  readonly cores?: number;
  readonly keepGoing?: boolean;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: Event) => void;
}

/** What came of a run. */
export interface Ran {
  readonly results: ReadonlyMap<string, TaskResult> | undefined;
  readonly error: PatchnasError | undefined;
  readonly events: readonly Event[];
  /** Events as short texts: "stage-started sum/a". */
  readonly told: readonly string[];
}

/** A pipeline of test stages with a store of its own. */
export class Pipeline {
  private constructor(readonly root: string) {}

  static async open(): Promise<Pipeline> {
    return new Pipeline(await tempFolder());
  }

  get store(): Store {
    return new Store(this.root);
  }

  keys(tasks: readonly Task[]): KeyedTask[] {
    return planKeys(tasks, stages, { seed: 1, engineId: { device: 'cpu' } });
  }

  async run(tasks: readonly Task[], options: RunHere = {}): Promise<Ran> {
    const events: Event[] = [];
    let results: Map<string, TaskResult> | undefined;
    let error: PatchnasError | undefined;
    try {
      results = await runTasks({
        name: 'test',
        engine: 'none',
        resume: 'patchnas run test.yaml',
        tasks: this.keys(tasks),
        seed: 1,
        store: await Store.open(this.root),
        workerUrl,
        runtime: { files: {}, cores: options.cores ?? 1, memoryBytes: 1e9 },
        jobs: options.jobs ?? 1,
        engineJobs: 1,
        emit: (event) => {
          events.push(event);
          options.onEvent?.(event);
        },
        signal: options.signal ?? new AbortController().signal,
        keepGoing: options.keepGoing ?? false,
      });
    } catch (caught) {
      if (!(caught instanceof PatchnasError)) throw caught;
      error = caught;
    }
    return { results, error, events, told: events.map(tell) };
  }

  /** A text that stands for an error, with the store's path and the times in names of logs taken out. */
  describe(error: PatchnasError | undefined): string {
    const text = [error?.code, error?.message, error?.where, error?.fix].filter(Boolean).join('\n');
    return text
      .replaceAll(this.root, '<store>')
      .replace(/-[0-9a-f]{8}-\d{8}T\d{6}Z\.log/g, '-<key>-<time>.log');
  }

  async output(task: string, file: string, ran: Ran): Promise<string> {
    return readFile(join(ran.results!.get(task)!.folder, file), 'utf8');
  }

  /** Every output in the store with its digest, in order. */
  async digests(): Promise<string[]> {
    const { store } = this;
    const found = await Promise.all((await store.places()).map((place) => store.find(place)));
    return found.flatMap((each) =>
      each.state === 'hit'
        ? each.record.outputs.map(({ file, sha256 }) => `${each.record.task} ${file} ${sha256}`)
        : ['damaged'],
    );
  }
}

function tell(event: Event): string {
  if (event.type === 'note' || event.type === 'warning') return `${event.type} ${event.task}: ${event.text}`;
  return 'task' in event ? `${event.type} ${event.task}` : event.type;
}

/** `count` random bytes. */
export function bytes(name: string, more: { count?: number; pieces?: number; pauseMs?: number } = {}): Task {
  return {
    id: `bytes/${name}`,
    stage: 'bytes',
    params: { count: 1000, ...more },
    inputs: {},
    stream: `bytes/${name}`,
  };
}

/** The sum of what the named tasks made. */
export function sum(
  name: string,
  from: readonly string[],
  more: { steps?: number; pauseMs?: number } = {},
): Task {
  const inputs = Object.fromEntries(from.map((each) => [each, `bytes/${each}`]));
  return { id: `sum/${name}`, stage: 'sum', params: { roles: [...from], ...more }, inputs };
}

export function trouble(how: string, more: { blockMs?: number } = {}): Task {
  return { id: `trouble/${how}`, stage: 'trouble', params: { how, ...more }, inputs: {} };
}

/** A stage that counts as one with an engine. */
export function kernel(name: string, pauseMs = 0): Task {
  return { id: `kernel/${name}`, stage: 'kernel', params: { name, pauseMs }, inputs: {} };
}

/** A stage of many threads. */
export function threads(name: string, pauseMs: number): Task {
  return { id: `threads/${name}`, stage: 'threads', params: { name, pauseMs }, inputs: {} };
}
