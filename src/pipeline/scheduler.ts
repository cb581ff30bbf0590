import { readFile } from 'node:fs/promises';

import { InternalError, Interrupted, PatchnasError, StoreError } from '../core/errors.js';
import type { Emit, EmitStage, Event } from '../core/events.js';
import { mostAlike, ofSameWork } from './alike.js';
import type { Address, KeyedTask } from './key.js';
import { makeTask } from './make-task.js';
import type { StageRecord } from './record.js';
import type { Runtime } from './stage.js';
import type { Store } from './store.js';
import { WorkerPool } from './worker-pool.js';

export interface RunOptions {
  /** For people: the experiment. */
  readonly name: string;
  /** For people: engine, device and version, or "none". */
  readonly engine: string;
  /** The command that goes on after an interruption. */
  readonly resume: string;
  /** From `planKeys`; every one must have an address. */
  readonly tasks: readonly KeyedTask[];
  readonly seed: number;
  readonly store: Store;
  /** The compiled file that calls `serveStages`. */
  readonly workerUrl: URL;
  readonly runtime: Runtime;
  /** Stages at once. */
  readonly jobs: number;
  /** Stages with an engine at once: each uses all cores, and as much memory as its work needs. */
  readonly engineJobs: number;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  /** After a failure, go on with what does not depend on it. */
  readonly keepGoing: boolean;
}

export interface TaskResult {
  readonly record: StageRecord;
  /** Folder of the record and its outputs. */
  readonly folder: string;
  readonly isHit: boolean;
}

type State = 'waiting' | 'running' | 'done' | 'failed';

/**
 * Runs what the store lacks, producers before consumers and depth first.
 * @returns the result of every task, by id
 * @throws {Interrupted} PN130 after `signal`; the first failure otherwise, when everything that still could has run
 */
export async function runTasks(options: RunOptions): Promise<Map<string, TaskResult>> {
  const pool = new WorkerPool(options.workerUrl);
  try {
    return await new Run(options, pool).toTheEnd();
  } finally {
    await pool.close();
  }
}

class Run {
  private readonly states = new Map<string, State>();
  private readonly results = new Map<string, TaskResult>();
  private readonly running = new Map<string, Promise<void>>();
  /** How many cores each threaded stage that runs has got. */
  private readonly cores = new Map<string, number>();
  private readonly failures: unknown[] = [];
  private readonly startedMs = performance.now();
  private readonly stamp = new Date().toISOString().replace(/[-:]|\.\d+/g, '');

  constructor(
    private readonly options: RunOptions,
    private readonly pool: WorkerPool,
  ) {}

  async toTheEnd(): Promise<Map<string, TaskResult>> {
    const { tasks, signal } = this.options;
    await this.takeHits();
    for (;;) {
      for (let next = this.next(); next; next = this.next()) this.start(next);
      if (this.running.size === 0) break;
      await Promise.race(this.running.values());
    }
    if (this.results.size < tasks.length || this.failures.length > 0) this.giveUp(signal.aborted);
    const hits = [...this.results.values()].filter((result) => result.isHit).length;
    const wallMs = performance.now() - this.startedMs;
    this.say({ type: 'run-finished', wallMs, hits, ran: tasks.length - hits });
    return this.results;
  }

  /** What the store has already. */
  private async takeHits(): Promise<void> {
    const { tasks, store, emit } = this.options;
    const found = await Promise.all(tasks.map((task) => store.find(addressOf(task))));
    const hits = found.filter((each) => each.state === 'hit').length;
    const { name, engine } = this.options;
    const stages = [...new Set(tasks.map(({ stage }) => stage.name))].map((stage) => ({
      stage,
      tasks: tasks.filter((task) => task.stage.name === stage).length,
    }));
    const started = { name, engine, hits, stages, tasks: tasks.length, store: store.root };
    emit({ time: Date.now(), type: 'run-started', ...started });
    for (const [i, task] of tasks.entries()) {
      const each = found[i]!;
      if (each.state === 'hit') await this.finish(task, each.record, true);
      else this.states.set(task.task.id, 'waiting');
    }
  }

  /** The first task in order that may start now. */
  private next(): KeyedTask | undefined {
    const { tasks, jobs, signal, keepGoing } = this.options;
    const isStopping =
      signal.aborted ||
      this.failures.some((failure) => !keepGoing || failure instanceof StoreError) ||
      this.running.size >= jobs;
    if (isStopping) return undefined;
    const active = tasks.filter(({ task }) => this.states.get(task.id) === 'running');
    const isEngineBusy = active.filter(({ stage }) => stage.engine).length >= this.options.engineJobs;
    return tasks.find(
      (each) =>
        this.isReady(each) &&
        !(each.stage.engine && isEngineBusy) &&
        !(each.stage.isThreaded && this.freeCores() < 1) &&
        // Two tasks may share a record: the second takes it as a hit.
        !active.some((other) => other.address?.key === each.address?.key),
    );
  }

  private isReady({ task }: KeyedTask): boolean {
    return (
      this.states.get(task.id) === 'waiting' &&
      Object.values(task.inputs).every((id) => this.states.get(id) === 'done')
    );
  }

  private freeCores(): number {
    return [...this.cores.values()].reduce((free, used) => free - used, this.options.runtime.cores);
  }

  /** An equal share of the free cores for each threaded stage that may start now, so that all of them keep to these. */
  private shareOfCores(): number {
    const { tasks, jobs } = this.options;
    const ready = tasks.filter((each) => each.stage.isThreaded && this.isReady(each)).length;
    return Math.max(1, Math.floor(this.freeCores() / Math.min(ready, jobs - this.running.size)));
  }

  private start(task: KeyedTask): void {
    const { id } = task.task;
    const cores = task.stage.isThreaded ? this.shareOfCores() : 1;
    if (task.stage.isThreaded) this.cores.set(id, cores);
    this.states.set(id, 'running');
    const work = this.perform(task, cores)
      .catch((error: unknown) => this.fail(task, error))
      .finally(() => {
        this.running.delete(id);
        this.cores.delete(id);
      });
    this.running.set(id, work);
  }

  private async perform(task: KeyedTask, cores: number): Promise<void> {
    const { store, seed, signal } = this.options;
    const runtime = { ...this.options.runtime, cores };
    const inputs = await this.verifiedInputs(task);
    if (!inputs) return void this.states.set(task.task.id, 'waiting');
    const address = addressOf(task);
    const records = ofSameWork(task.stage, address, await store.records(address.stage));
    const alike = mostAlike(address, task.task.id, records);
    const emit: EmitStage = (event) => this.sayOf(task, event);
    const made = await makeTask(task, address, {
      store,
      pool: this.pool,
      seed,
      runtime,
      signal,
      inputs,
      logPath: this.logPath(task),
      emit,
      onStart: () =>
        this.sayOf(task, {
          type: 'stage-started',
          key: address.key,
          ...(alike && { estimateMs: alike.record.wallMs }),
        }),
    });
    if (made) return this.finish(task, made.record, made.isHit);
    this.states.set(task.task.id, 'waiting');
    this.sayOf(task, { type: 'stage-cancelled' });
  }

  /** The producers' records with digests compared; undefined when one is damaged and must be made again first. */
  private async verifiedInputs({ task }: KeyedTask): Promise<Map<string, StageRecord> | undefined> {
    const inputs = new Map<string, StageRecord>();
    let isWhole = true;
    for (const [role, id] of Object.entries(task.inputs)) {
      const result = this.results.get(id); // missing when another consumer has just found it damaged
      const found = result && (await this.options.store.verify(result.record));
      if (found?.state === 'hit') inputs.set(role, found.record);
      else {
        isWhole = false;
        if (this.states.get(id) === 'done') this.states.set(id, 'waiting');
        this.results.delete(id);
      }
    }
    return isWhole ? inputs : undefined;
  }

  private async finish(task: KeyedTask, record: StageRecord, isHit: boolean): Promise<void> {
    const { id } = task.task;
    const { store } = this.options;
    this.states.set(id, 'done');
    this.results.set(id, { record, isHit, folder: store.folder(record) });
    const { key, wallMs, peakBytes } = record;
    if (isHit) {
      this.sayOf(task, { type: 'stage-hit', key });
      await store.touch(record);
    } else this.sayOf(task, { type: 'stage-finished', key, wallMs, peakBytes });
  }

  private async fail(task: KeyedTask, error: unknown): Promise<void> {
    this.states.set(task.task.id, 'failed');
    this.failures.push(error);
    const log = this.logPath(task);
    const text = await readFile(log, 'utf8').catch(() => undefined);
    this.sayOf(task, {
      type: 'stage-failed',
      code: codeOf(error),
      message: error instanceof Error ? error.message : String(error),
      ...(text !== undefined && { log, tail: text.trimEnd().split('\n').slice(-20) }),
    });
  }

  /** Says why the run ends early, and throws. */
  private giveUp(isCancelled: boolean): never {
    const { tasks, store, resume } = this.options;
    const kept = this.results.size;
    if (this.failures.length > 0 && !isCancelled) {
      const error = this.failures[0];
      const message = error instanceof Error ? error.message : String(error);
      this.say({ type: 'run-failed', code: codeOf(error), message });
      throw error;
    }
    if (!isCancelled) throw new InternalError('the scheduler stopped before its end', { code: 'PN160' });
    this.say({ type: 'run-cancelled', kept, resume });
    throw new Interrupted(`interrupted; ${kept} of ${tasks.length} stages are kept`, {
      code: 'PN130',
      where: store.root,
      fix: `Go on with: ${resume}`,
    });
  }

  private logPath({ task, address }: KeyedTask): string {
    const name = `${task.id.replaceAll('/', '-')}-${address?.key.slice(0, 8)}-${this.stamp}.log`;
    return this.options.store.path('logs', name);
  }

  private say(event: Unnamed): void {
    this.options.emit({ time: Date.now(), name: this.options.name, ...event });
  }

  private sayOf({ task }: KeyedTask, event: Untimed): void {
    this.options.emit({ time: Date.now(), task: task.id, stage: task.stage, ...event });
  }
}

/** Omit that keeps a union a union. */
type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
type Unnamed = Without<
  Exclude<Extract<Event, { name: string; type: `run-${string}` }>, { type: 'run-started' }>,
  'time' | 'name'
>;
type Untimed = Without<Extract<Event, { task: string }>, 'time' | 'task' | 'stage'>;

function codeOf(error: unknown): string {
  return error instanceof PatchnasError ? error.code : 'PN100';
}

function addressOf({ task, address }: KeyedTask): Address {
  if (!address)
    throw new InternalError(`task "${task.id}" has no key: set up the engine first`, { code: 'PN161' });
  return address;
}
