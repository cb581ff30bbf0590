/**
 * Every error that a person can meet. A message has three parts: what happened (with the value we got), where,
 * and how to mend it. The class fixes the exit code; the code (PN…) names the kind in docs and tests.
 */
export interface ErrorDetails {
  /** Stable code such as "PN301"; the hundreds digit equals the exit code. */
  readonly code: string;
  /** Where it happened: "configs/a.yaml:14:9", "stage gate, key 3f2a…", "conv1/kernel [3,3,3,24]". */
  readonly where?: string;
  /** How to mend it: a line to write, a command to run, the names that exist. */
  readonly fix?: string;
  readonly cause?: unknown;
}

export abstract class PatchnasError extends Error {
  abstract readonly exitCode: number;
  readonly code: string;
  readonly where: string | undefined;
  readonly fix: string | undefined;

  constructor(message: string, details: ErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.code = details.code;
    this.where = details.where;
    this.fix = details.fix;
  }
}

/** Our bug. */
export class InternalError extends PatchnasError {
  readonly exitCode = 1;
}
/** Wrong flags or arguments. */
export class UsageError extends PatchnasError {
  readonly exitCode = 2;
}
/** Data that are missing or not what they should be. */
export class DataError extends PatchnasError {
  readonly exitCode = 3;
}
/** No usable engine. */
export class EngineError extends PatchnasError {
  readonly exitCode = 4;
}
/** A stage failed. */
export class StageError extends PatchnasError {
  readonly exitCode = 5;
}
/** The store cannot be read or written. */
export class StoreError extends PatchnasError {
  readonly exitCode = 6;
}
/** A reproduction found other numbers than the recorded ones. */
export class ResultsDiffer extends PatchnasError {
  readonly exitCode = 7;
}
/** Stopped by a person (Ctrl-C, SIGTERM). */
export class Interrupted extends PatchnasError {
  readonly exitCode = 130;
}

/** The message, place and cure of an error as the text that a person reads. */
export function formatError(error: unknown): string {
  if (!(error instanceof PatchnasError)) return error instanceof Error ? error.message : String(error);
  const head = `${error.code} ${error.message}`;
  const where = error.where === undefined ? '' : `\n  at ${error.where}`;
  const fix = error.fix === undefined ? '' : `\n  ${error.fix.replaceAll('\n', '\n  ')}`;
  return head + where + fix;
}
