import type { Json } from '../core/canonical-json.js';
import type { EmitStage } from '../core/events.js';
import type { Rng } from '../core/rng.js';

/**
 * A stage is a function of its declared inputs. Whatever can change its outputs stands in `params`, in the keys of
 * its producers, in the seed stream or in the engine id, and nowhere else: no environment, clock or working folder.
 */
export interface StageDefinition<Params extends Json = Json> {
  readonly name: string;
  /** One sentence without a full stop, for `patchnas plan`. */
  readonly summary: string;
  /** Goes up when the same inputs give other outputs. */
  readonly version: number;
  /** File names that a record of this stage must hold. */
  readonly outputs: readonly string[];
  /** Needs TensorFlow: its key then holds the engine id. */
  readonly engine: boolean;
  /** Works with as many threads as `runtime.cores` says, and not with one. */
  readonly isThreaded?: boolean;
  /** Draws random numbers: its key then holds the seed and the path of its stream. */
  readonly random: boolean;
  /** Paths in the parameters that tell one kind of work from another: a record of another kind says nothing of the time. */
  readonly kindOfWork?: readonly string[];
  readonly run: (context: StageContext<Params>) => Promise<void>;
}

export interface StageContext<Params extends Json = Json> {
  readonly params: Params;
  /** Path of an output of a producer: `input('probe', 'weights.safetensors')`. */
  readonly input: (role: string, file: string) => string;
  /** Where to write an output; the file becomes part of the record when the stage ends well. */
  readonly output: (file: string) => string;
  /** A folder that outlives a killed run of this same key, for checkpoints. Removed when the stage ends well. */
  readonly checkpointDir: string;
  /** The stage's own stream of random numbers, at its path in the seed tree. */
  readonly rng: Rng;
  readonly emit: EmitStage;
  /** Aborted when the run is cancelled; long loops call `signal.throwIfAborted()` between steps. */
  readonly signal: AbortSignal;
  /** What the worker was started with: device, memory, threads. Never part of a key. */
  readonly runtime: Runtime;
}

/** Options of a run that change no output. */
export interface Runtime {
  /** Folder of the engine to load (`engine/install.ts`); undefined for runs without engine stages. */
  readonly engineDir?: string;
  /** Of the engine, and in its id; float32 unless given. */
  readonly precision?: 'float32' | 'bfloat16';
  /** Where the files lie whose SHA-256 stands in a stage's parameters. */
  readonly files: Readonly<Record<string, string>>;
  /** Threads that a stage may use: 1 unless it is threaded. */
  readonly cores: number;
  /** Bytes that caches inside a stage may take in memory. */
  readonly memoryBytes: number;
}

/** One node of a planned DAG. */
export interface Task {
  /** Unique and readable: `gate/gaussian_noise/r0`. */
  readonly id: string;
  readonly stage: string;
  readonly params: Json;
  /** Role -> id of the task that produces it. */
  readonly inputs: Readonly<Record<string, string>>;
  /** Path of its stream in the seed tree, where the stage is random. */
  readonly stream?: string;
}

/** Keeps the type of the parameters while storing stages of all kinds in one catalogue. */
export function defineStage<Params extends Json>(stage: StageDefinition<Params>): StageDefinition {
  return stage as unknown as StageDefinition;
}
