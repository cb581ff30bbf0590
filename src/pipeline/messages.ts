import type { Json } from '../core/canonical-json.js';
import type { StageEvent } from '../core/events.js';
import type { Runtime } from './stage.js';

/** What the scheduler tells a worker to do: one task, with paths for everything that it may read or write. */
export interface Job {
  readonly task: string;
  readonly stage: string;
  readonly params: Json;
  /** Role -> folder of the producer's record and the files in it. */
  readonly inputs: Readonly<Record<string, { readonly folder: string; readonly files: readonly string[] }>>;
  readonly outputDir: string;
  readonly checkpointDir: string;
  readonly seed: number;
  readonly stream: string | undefined;
  readonly runtime: Runtime;
}

export type ToWorker =
  { readonly type: 'run'; readonly job: Job } | { readonly type: 'cancel' } | { readonly type: 'exit' };

/** An error on its way between processes: the fields of PatchnasError where it was one. */
export interface ErrorMessage {
  readonly message: string;
  readonly stack: string | undefined;
  /** "PN313", or a system error's "ENOSPC". */
  readonly code: string | undefined;
  /** Only of a PatchnasError. */
  readonly exitCode: number | undefined;
  readonly where: string | undefined;
  readonly fix: string | undefined;
  /** Path of a system error. */
  readonly path: string | undefined;
}

export type FromWorker =
  | { readonly type: 'ready' }
  | { readonly type: 'event'; readonly event: StageEvent }
  /** `rssBytes`: memory that the process still holds. */
  | { readonly type: 'done'; readonly wallMs: number; readonly peakBytes: number; readonly rssBytes: number }
  | { readonly type: 'cancelled' }
  | { readonly type: 'failed'; readonly error: ErrorMessage };
