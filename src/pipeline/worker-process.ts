import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

import { InternalError, PatchnasError } from '../core/errors.js';
import type { EmitStage } from '../core/events.js';
import { Rng } from '../core/rng.js';
import type { ErrorMessage, FromWorker, Job, ToWorker } from './messages.js';
import { peakMemory, resetPeakMemory } from './peak-memory.js';
import type { StageContext, StageDefinition } from './stage.js';

/** Progress events of one stage are at least so far apart. */
const progressMs = 200;

/**
 * The whole life of a worker process: runs the stages that its parent asks for, one after the other, until the
 * parent ends or lets go of it. It writes only where the job says and publishes nothing: that is the parent's work.
 */
export function serveStages(stages: readonly StageDefinition[]): void {
  const parent = Number(process.env.PATCHNAS_PARENT);
  if (!process.connected || !Number.isInteger(parent))
    throw new InternalError('a worker is started by the scheduler only', { code: 'PN157' });
  dieWithParent(parent);
  // Ctrl-C reaches every process of a terminal; the parent tells us what to do about it.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
  process.on('disconnect', () => process.exit(0));

  let cancel = new AbortController();
  process.on('message', (message: ToWorker) => {
    switch (message.type) {
      case 'run':
        cancel = new AbortController();
        return void perform(message.job, stages, cancel.signal);
      case 'cancel': {
        cancel.abort();
        return;
      }
      case 'exit':
        return process.exit(0);
    }
  });
  send({ type: 'ready' });
}

async function perform(job: Job, stages: readonly StageDefinition[], signal: AbortSignal): Promise<void> {
  resetPeakMemory();
  const started = performance.now();
  try {
    const stage = stages.find((candidate) => candidate.name === job.stage);
    if (!stage) throw new InternalError(`the worker has no stage "${job.stage}"`, { code: 'PN158' });
    await mkdir(job.checkpointDir, { recursive: true });
    await stage.run(contextOf(job, stage, signal));
    const wallMs = performance.now() - started;
    send({ type: 'done', wallMs, peakBytes: peakMemory(), rssBytes: process.memoryUsage.rss() });
  } catch (error) {
    if (signal.aborted) send({ type: 'cancelled' });
    else send({ type: 'failed', error: toMessage(error) });
  }
}

function contextOf(job: Job, stage: StageDefinition, signal: AbortSignal): StageContext {
  const undeclared = (what: string): never => {
    throw new InternalError(`stage ${stage.name} asks for ${what}`, {
      code: 'PN159',
      fix: 'A stage may use only what it declares: correct its declaration or its plan.',
    });
  };
  const rng = stage.random && job.stream !== undefined ? new Rng(job.seed, job.stream) : undefined;
  return {
    params: job.params,
    input: (role, file) => {
      const producer = job.inputs[role];
      if (!producer)
        return undeclared(`the input "${role}", but has only ${Object.keys(job.inputs).join(', ')}`);
      if (!producer.files.includes(file))
        return undeclared(`${file} of "${role}", which holds only ${producer.files.join(', ')}`);
      return join(producer.folder, file);
    },
    output: (file) =>
      stage.outputs.includes(file)
        ? join(job.outputDir, file)
        : undeclared(`the output ${file}, but declares only ${stage.outputs.join(', ')}`),
    checkpointDir: job.checkpointDir,
    get rng() {
      return rng ?? undeclared('random numbers without declaring "random"');
    },
    emit: throttled((event) => {
      send({ type: 'event', event });
    }),
    signal,
    runtime: job.runtime,
  };
}

/** Lets progress through every `progressMs`, and always its first and last of each label. */
function throttled(emit: EmitStage): EmitStage {
  let last = -Infinity;
  let label: string | undefined;
  return (event) => {
    if (event.type === 'progress') {
      const now = performance.now();
      const isDue = now - last >= progressMs || event.label !== label || event.done >= event.total;
      if (!isDue) return;
      last = now;
      label = event.label;
    }
    emit(event);
  };
}

function toMessage(error: unknown): ErrorMessage {
  const details = error instanceof Error ? (error as NodeJS.ErrnoException) : undefined;
  const ours = error instanceof PatchnasError ? error : undefined;
  return {
    message: details?.message ?? String(error),
    stack: details?.stack,
    code: details?.code,
    exitCode: ours?.exitCode,
    where: ours?.where,
    fix: ours?.fix,
    path: details?.path,
  };
}

function send(message: FromWorker): void {
  process.send?.(message, undefined, undefined, () => undefined); // a parent that is gone is dealt with below
}

/**
 * Kills this process when its parent is gone. A thread does it, since TensorFlow blocks the main one for seconds
 * and an orphan would go on heating the room and writing checkpoints for so long.
 */
function dieWithParent(parent: number): void {
  const watch = `setInterval(() => { if (process.ppid !== ${parent}) process.kill(process.pid, 'SIGKILL'); }, 250);`;
  new Worker(watch, { eval: true, stdin: false, stdout: false, stderr: false }).unref();
}
