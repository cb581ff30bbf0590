import {
  DataError,
  EngineError,
  InternalError,
  PatchnasError,
  StageError,
  StoreError,
} from '../core/errors.js';
import { toStoreError } from './io-error.js';
import type { ErrorMessage, Job } from './messages.js';

const classes = [InternalError, DataError, EngineError, StageError, StoreError];

/** The error of a stage as the parent throws it: its own class where it was one of ours, else a StageError. */
export function toStageError(message: ErrorMessage, job: Job, log: string): PatchnasError {
  const where = `task ${job.task}`;
  if (message.exitCode !== undefined && message.code !== undefined) {
    const details = {
      code: message.code,
      where: message.where === undefined ? where : `${message.where} (${where})`,
      ...(message.fix !== undefined && { fix: message.fix }),
    };
    const Class = classes.find((c) => new c('', details).exitCode === message.exitCode) ?? StageError;
    return withStack(new Class(message.message, details), message.stack);
  }
  // A full disk names no path; other system errors are the store's only where they happened in it.
  const isFull = message.code === 'ENOSPC' || message.code === 'EDQUOT';
  if (isFull || (message.code !== undefined && message.path?.startsWith(storeOf(job)))) {
    const cause = Object.assign(new Error(message.message), { code: message.code, path: message.path });
    const error = toStoreError(cause, storeOf(job));
    if (error instanceof PatchnasError) return withStack(error, message.stack);
  }
  const details = { code: 'PN501', where, fix: `Its log is ${log}` };
  return withStack(new StageError(`stage ${job.stage} failed: ${message.message}`, details), message.stack);
}

/** The worker ended in the middle of a task. */
export function workerDied(
  job: Job,
  log: string,
  code: number | null,
  signal: NodeJS.Signals | null,
): StageError {
  const where = `task ${job.task}`;
  if (signal === 'SIGKILL')
    return new StageError(`stage ${job.stage} was killed (SIGKILL), most often because memory ran out`, {
      code: 'PN502',
      where,
      fix: `Give it more memory, lower "engine.memory" in the configuration, or run with --jobs 1. The same command goes on from here.\nIts log is ${log}`,
    });
  const how = signal === null ? `ended with exit code ${code}` : `crashed (${signal})`;
  return new StageError(`the process of stage ${job.stage} ${how}`, {
    code: 'PN503',
    where,
    fix: `Its log is ${log}`,
  });
}

/** The temporary folder of a job is `<store>/tmp/<token>`. */
function storeOf(job: Job): string {
  return job.outputDir.replace(/\/tmp\/[^/]+\/?$/, '');
}

/** Where the stage's code threw is what --debug is for. */
function withStack<E extends PatchnasError>(error: E, stack: string | undefined): E {
  if (stack !== undefined) error.stack = stack;
  return error;
}
