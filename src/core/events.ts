/**
 * Everything that a run has to say, as plain values: they cross process borders, are written to `events.jsonl`
 * one a line, and renderers in `ui/` turn them into text. Times are milliseconds since 1970.
 */
interface Base {
  readonly time: number;
}
/** What a stage may say while it runs; the scheduler adds time and task. */
export type StageEvent =
  | {
      readonly type: 'progress';
      readonly done: number;
      readonly total: number;
      readonly unit: string;
      readonly label?: string;
    }
  | { readonly type: 'metric'; readonly name: string; readonly value: number; readonly step?: number }
  | { readonly type: 'note'; readonly text: string }
  | { readonly type: 'warning'; readonly text: string };

export type Event =
  | (Base & {
      readonly type: 'run-started';
      readonly name: string;
      readonly tasks: number;
      readonly hits: number;
      /** How many tasks each stage has, in the order in which they first come. */
      readonly stages: readonly { readonly stage: string; readonly tasks: number }[];
      readonly store: string;
      readonly engine: string;
    })
  | (Base & {
      readonly type: 'run-finished';
      readonly name: string;
      readonly wallMs: number;
      readonly ran: number;
      readonly hits: number;
    })
  | (Base & {
      readonly type: 'results-published';
      readonly name: string;
      /** Absolute. */
      readonly dir: string;
      /** What a reader of any of its tables must know: images that are SYNTHETIC, searches not trained. */
      readonly notes: readonly string[];
    })
  | (Base & {
      readonly type: 'run-failed';
      readonly name: string;
      readonly code: string;
      readonly message: string;
    })
  | (Base & {
      readonly type: 'run-cancelled';
      readonly name: string;
      readonly kept: number;
      readonly resume: string;
    })
  | (Base & {
      readonly type: 'stage-hit';
      readonly task: string;
      readonly stage: string;
      readonly key: string;
    })
  | (Base & {
      readonly type: 'stage-started';
      readonly task: string;
      readonly stage: string;
      readonly key: string;
      readonly estimateMs?: number;
    })
  | (Base & {
      readonly type: 'stage-finished';
      readonly task: string;
      readonly stage: string;
      readonly key: string;
      readonly wallMs: number;
      readonly peakBytes: number;
    })
  | (Base & {
      readonly type: 'stage-failed';
      readonly task: string;
      readonly stage: string;
      readonly code: string;
      readonly message: string;
      readonly log?: string;
      /** The last lines of the log. */
      readonly tail?: readonly string[];
    })
  | (Base & { readonly type: 'stage-cancelled'; readonly task: string; readonly stage: string })
  | (Base & { readonly task: string; readonly stage: string } & StageEvent)
  /** Set-up work outside any stage (engine, data sets): `what` is "TensorFlow 2.21.0 (274 MB)". */
  | (Base & {
      readonly type: 'setup';
      readonly what: string;
      readonly done: number;
      readonly total: number;
      readonly unit: string;
    });

export type Emit = (event: Event) => void;
export type EmitStage = (event: StageEvent) => void;

/** For the end of a switch over a union: does not compile until every member is handled. */
export function unreachable(value: never): never {
  throw new Error(`unhandled case: ${JSON.stringify(value)}`);
}
