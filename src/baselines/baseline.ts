import type { EmitStage } from '../core/events.js';
import type { Rng } from '../core/rng.js';
import type { Engine } from '../engine/engine.js';
import type { Network } from '../networks/network.js';
import type { Images } from '../nn/batch.js';

/**
 * A method that repairs the whole deployed network: its module exports `tune`, which trains on clean images and
 * labelled failures, or `adapt`, which sees noisy images without labels. Either changes the network's arrays in place.
 */
export type BaselineCode =
  | { readonly tune: (context: TuningContext) => Promise<Repaired> }
  | { readonly adapt: (context: AdaptingContext) => Promise<Repaired> };

interface BaselineContext {
  readonly engine: Engine;
  /** The deployed network with its clean weights. */
  readonly network: Network;
  /** The method's own parameters, as its catalogue entry declares them. */
  readonly params: Readonly<Record<string, unknown>>;
  /** The same stream for all methods of an environment's repeat: they see the same batches. */
  readonly rng: Rng;
  /** Bytes that caches may take. */
  readonly memoryBytes: number;
  readonly signal: AbortSignal;
  readonly emit: EmitStage;
}

export interface TuningContext extends BaselineContext {
  /** D_t */
  readonly train: LabelledImages;
  /** D_e */
  readonly failures: LabelledImages;
  readonly budget: Budget;
  /** Where files lie that the parameters name by their SHA-256. */
  readonly files: Readonly<Record<string, string>>;
  /** A file that outlives a killed run of the same task. */
  readonly checkpoint: string;
}

export interface AdaptingContext extends BaselineContext {
  /** D_u */
  readonly unlabeled: Images;
}

export interface LabelledImages {
  readonly images: Images;
  readonly labels: Uint8Array;
}

/** What every method that trains may spend. */
export type Budget = {
  /** Passes over D_t and D_e, or training steps in all. */
  readonly length: { readonly epochs: number } | { readonly steps: number };
  readonly learningRate: number;
  readonly batch: number;
  /** How many images of D_t are used. */
  readonly trainSubset: 'all' | number;
  /** Share of each batch that is drawn from D_e, or D_e once a pass among D_t. */
  readonly failureShare: 'pooled' | number;
};

/** What a repair used and changed. */
export interface Repaired {
  readonly samples: { readonly failures: number; readonly training: number; readonly unlabeled: number };
  readonly parameters: {
    readonly trained: number;
    /** Numbers that the deployed network must be sent. */
    readonly transferred: number;
    /** Running statistics that change with the weights, beside `transferred`. */
    readonly buffers: number;
  };
  readonly history: readonly { readonly epoch: number; readonly loss: number }[];
}
