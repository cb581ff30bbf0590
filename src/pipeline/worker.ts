import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { setImmediate as turn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import type { EmitStage } from '../core/events.js';
import type { FromWorker, Job, ToWorker } from './messages.js';
import { toStageError, workerDied } from './worker-error.js';

/** A cancelled stage has so long to come to an end by itself. Killing it later is safe: checkpoints are whole. */
const graceMs = 5_000;

export interface Done {
  readonly wallMs: number;
  readonly peakBytes: number;
}

/** The task that a worker is at. */
interface Current {
  readonly job: Job;
  readonly logPath: string;
  readonly log: WriteStream;
  readonly emit: EmitStage;
  readonly signal: AbortSignal;
  readonly resolve: (done: Done | undefined) => void;
  readonly reject: (error: Error) => void;
}

/**
 * The parent's side of one worker process. There is no heartbeat: a kernel may block the process for as long as it
 * likes, and only its end or its own word counts.
 */
export class StageWorker {
  /** Bytes that it held after its last stage. */
  rssBytes = 0;
  private readonly child: ChildProcess;
  private current: Current | undefined;
  private isReady = false;
  private isSpent = false;
  private ended: { readonly code: number | null; readonly signal: NodeJS.Signals | null } | undefined;
  /** Printed between two tasks, for the log of the next. */
  private readonly printed: Buffer[] = [];

  /** Starts a process that runs the entry file of that URL. */
  constructor(entry: URL) {
    this.child = fork(fileURLToPath(entry), [], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      serialization: 'advanced',
      execArgv: [],
      env: { ...process.env, PATCHNAS_PARENT: String(process.pid) },
    });
    const keep = (chunk: Buffer): void => {
      if (this.current) this.current.log.write(chunk);
      else this.printed.push(chunk);
    };
    this.child.stdout!.on('data', keep);
    this.child.stderr!.on('data', keep);
    this.child.on('error', () => {
      if (this.child.pid === undefined) this.end(1, null); // it never started; any other error shows as its end
    });
    this.child.on('message', (message: FromWorker) => this.receive(message));
    // 'close' rather than 'exit': all that it printed has been read by then.
    this.child.once('close', (code, signal) => this.end(code, signal));
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** False once it has ended, failed or been cancelled: such a one is not used again. */
  get isUsable(): boolean {
    return !this.isSpent && this.ended === undefined && this.child.connected;
  }

  /**
   * Runs one task; what the process prints meanwhile goes to the file `logPath`, which is removed when it is empty.
   * @returns undefined when it was cancelled
   * @throws the stage's error, or PN502, PN503 when the process ended
   */
  async run(job: Job, logPath: string, emit: EmitStage, signal: AbortSignal): Promise<Done | undefined> {
    const log = createWriteStream(logPath);
    log.on('error', () => undefined); // a full disk must not end the run because of a log
    const logClosed = new Promise<void>((resolve) => log.once('close', () => resolve()));
    for (const chunk of this.printed.splice(0)) log.write(chunk);
    let timer: NodeJS.Timeout | undefined;
    const cancel = (): void => {
      this.isSpent = true;
      this.send({ type: 'cancel' });
      timer = setTimeout(() => this.kill(), graceMs);
    };
    try {
      return await new Promise<Done | undefined>((resolve, reject) => {
        this.current = { job, logPath, log, emit, signal, resolve, reject };
        signal.addEventListener('abort', cancel, { once: true });
        if (this.isReady) this.send({ type: 'run', job });
        if (this.ended) this.fail();
        if (signal.aborted) cancel();
      });
    } finally {
      signal.removeEventListener('abort', cancel);
      clearTimeout(timer);
      await turn(); // what it printed before its last word may still be in the pipe
      this.current = undefined;
      log.end();
      await logClosed;
      if (log.bytesWritten === 0) await rm(logPath, { force: true });
    }
  }

  /** Lets the process go; it ends by itself. (After a `disconnect` here Node would emit no 'close'.) */
  release(): void {
    this.isSpent = true;
    this.send({ type: 'exit' });
  }

  kill(): void {
    this.isSpent = true;
    this.child.kill('SIGKILL');
  }

  /** Resolves when the process is no more. */
  async gone(): Promise<void> {
    if (!this.ended) await once(this.child, 'close');
  }

  private receive(message: FromWorker): void {
    const current = this.current;
    switch (message.type) {
      case 'ready':
        this.isReady = true;
        if (current) this.send({ type: 'run', job: current.job });
        return;
      case 'event':
        current?.emit(message.event);
        return;
      case 'done':
        this.rssBytes = message.rssBytes;
        current?.resolve(message);
        return;
      case 'cancelled':
        current?.resolve(undefined);
        return;
      case 'failed':
        this.isSpent = true; // what it left in TensorFlow's memory is unknown
        current?.log.write(`${message.error.stack ?? message.error.message}\n`);
        current?.reject(toStageError(message.error, current.job, current.logPath));
    }
  }

  private end(code: number | null, signal: NodeJS.Signals | null): void {
    this.ended = { code, signal };
    this.fail();
  }

  /** Ends the current task because the process has ended. */
  private fail(): void {
    const { current, ended } = this;
    if (!current || !ended) return;
    if (current.signal.aborted) {
      current.resolve(undefined);
      return;
    }
    current.log.write(`(the process ended: ${ended.signal ?? `exit code ${ended.code}`})\n`);
    current.reject(workerDied(current.job, current.logPath, ended.code, ended.signal));
  }

  private send(message: ToWorker): void {
    if (this.child.connected) this.child.send(message, () => undefined); // its end is seen by 'close'
  }
}
