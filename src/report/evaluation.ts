/**
 * One method in one environment and one repeat, as the predictions that it made. Everything in the tables is
 * arithmetic on these. Samples stand in the same order for all methods of one environment and repeat.
 */
export interface Evaluation {
  readonly method: string;
  readonly environment: string;
  /** From 0. */
  readonly repeat: number;
  readonly noisy: NoisySamples;
  readonly clean: CleanSamples;
  readonly parameters: ParameterCounts;
  readonly samples: SampleCounts;
}

/** Classes and marks of n samples; all arrays have n values. */
export interface Samples {
  readonly label: Uint8Array;
  /** Class that the deployed network gives. */
  readonly original: Uint8Array;
  /** Class that the repaired system gives. */
  readonly repaired: Uint8Array;
  /** 1 where the sample went through the repaired part, 0 where the original answered. All 1 without a gate. */
  readonly flagged: Uint8Array;
}

/**
 * The labelled half of an environment less D_e. The held-out failures D_s are exactly the samples whose
 * `original` differs from their `label`; the others are the rightly classified noisy samples.
 */
export interface NoisySamples extends Samples {
  /**
   * Index in the clean test set of the image that the noise was put on. Where the noisy images are other pictures,
   * their numbers begin behind those of the clean ones.
   */
  readonly baseImage: Uint32Array;
  /** 1 to 5. */
  readonly severity: Uint8Array;
}

/** The whole clean test set: sample k is base image k. */
export type CleanSamples = Samples;

/** Table 4, in parameters. */
export interface ParameterCounts {
  /** The deployed network. */
  readonly original: number;
  /** Probes and gate; 0 for a method without them. */
  readonly probesAndGate: number;
  /** The patch with its in- and align convs; 0 for a method without a patch. */
  readonly patch: number;
  /** Running statistics that the new parts carry: not learned, so counted apart and in no other figure. */
  readonly buffers: number;
  /** Parameters that the repair itself changes. */
  readonly trained: number;
  /** Parameters to send to the deployed network: probes, gate and patch, or the whole network. */
  readonly transferred: number;
}

/** Table 3, in samples. */
export interface SampleCounts {
  /** Samples of D_e that the repair used; 0 where it used none. */
  readonly failures: number;
  /** Samples of D_t that the repair used: those that trigger the gate, or all that a baseline trains on. */
  readonly triggered: number;
  /** Size of D_t. */
  readonly trainingSet: number;
  /** Noisy samples of D_u that the repair itself used, without labels; left out where it used none. */
  readonly unlabeled?: number;
}

/** A noise environment; more than one noise is a mixture. */
export type Environment = {
  readonly name: string;
  readonly noises: readonly string[];
  /** In what D_u was unlike the noisy images that are tested; only of environments that are shifted so. */
  readonly unlabeled?: {
    readonly noises?: readonly string[];
    readonly severities?: readonly number[];
    /** Share of clean images. */
    readonly clean?: number;
    /** How many images there are. */
    readonly samples?: number;
  };
};

/** Part of a group of samples. */
export interface Share {
  readonly count: number;
  readonly total: number;
}

/** The groups of samples whose answers of the gate are counted. */
export const gateGroups = ['trainingSet', 'cleanTest', 'heldOut', 'rightNoisy'] as const;
export type GateGroup = (typeof gateGroups)[number];

/** The gate of one environment and repeat. Make it with `gateReport` from scores and indices. */
export interface GateReport {
  readonly environment: string;
  readonly repeat: number;
  /** Names of the stages, in the network's order; the arrays below are in the same order. */
  readonly stages: readonly string[];
  readonly auc: {
    /** D_s against rightly classified clean test images. */
    readonly cleanNormals: number | undefined;
    /** D_s against rightly classified noisy images: the harder one. */
    readonly noisyNormals: number | undefined;
  };
  readonly sigma: {
    /** As the config says it. */
    readonly setting: { readonly quantile: number } | { readonly value: number };
    /** Summed prediction above which a sample triggers. */
    readonly threshold: number;
  };
  /** Samples that trigger. */
  readonly triggered: Readonly<Record<GateGroup, Share>>;
  /** Of the samples that trigger: how many go to each stage. */
  readonly picked: Readonly<Record<GateGroup, readonly number[]>>;
  /** Stages whose prediction is 0 for every sample: their ReLU died. */
  readonly deadStages: readonly string[];
  /** Mean Fisher information per stage. */
  readonly fisher: { readonly failures: readonly number[]; readonly normals: readonly number[] };
  /** The stage with the largest mean Fisher information over D_e. */
  readonly batchStage: string;
}

/** One candidate structure of a search. */
export interface Candidate {
  /** From 0, in the order of drawing. */
  readonly index: number;
  /** Parameters of its patch. */
  readonly parameters: number;
  /** Held-out accuracy in [0, 1] per task, in the order of the search's tasks. */
  readonly accuracies: readonly number[];
  /** The drawn operations, in whatever JSON form the search stores. */
  readonly structure: unknown;
}

/** What one search left behind: one environment and repeat. */
export interface SearchRecord {
  readonly environment: string;
  readonly repeat: number;
  readonly tasks: readonly {
    readonly name: string;
    /** Accuracy of a guess in (0, 1): 1/classes, or the share of the commonest answer where they are not equally common. */
    readonly chance: number;
    /** Images that each candidate was scored on. Several answers of one image (colorization) count once. */
    readonly images: number;
  }[];
  readonly candidates: readonly Candidate[];
  /** Index of the chosen candidate. */
  readonly chosen: number;
}

/** An accuracy in [0, 1] with its 95 % interval. */
export interface ScoredCandidate {
  readonly index: number;
  readonly accuracy: number;
  readonly low: number;
  readonly high: number;
}

/** A search judged against chance. Make it with `searchReport`, which defines `trained`. */
export interface SearchReport extends SearchRecord {
  readonly judged: readonly {
    readonly task: string;
    readonly chance: number;
    readonly best: ScoredCandidate;
    readonly median: ScoredCandidate;
    readonly trained: boolean;
  }[];
  /** All tasks are trained. */
  readonly trained: boolean;
  /** Spread of the candidates' mean accuracy over tasks. */
  readonly spread: {
    readonly worst: number;
    readonly median: number;
    readonly best: number;
    readonly chosen: number;
    /** Standard deviation over the candidates; undefined with one. */
    readonly sd: number | undefined;
    /** Standard deviation that the draw of the scoring images alone would give to equally good candidates, at most. */
    readonly samplingSd: number;
  };
}

/** Time of one task of the DAG, from its record. */
export interface StageTime {
  /** `gate/gaussian_noise/r0` */
  readonly task: string;
  /** `gate` */
  readonly stage: string;
  readonly wallSeconds: number;
  /** Another stage ran at the same time, so the wall time is not its own. */
  readonly isSideBySide: boolean;
}

/** What one evaluation rests on: the ids of all its ancestors in the DAG. */
export interface MethodTasks {
  readonly method: string;
  readonly environment: string;
  readonly repeat: number;
  readonly tasks: readonly string[];
}

/** A method as its catalogue entry tells it. */
export interface Method {
  readonly name: string;
  /** Controls are what the other methods are compared with. */
  readonly isControl: boolean;
  /** Its patch has the structure that the search chose. */
  readonly usesSearch: boolean;
  /** One sentence without a full stop. */
  readonly summary: string;
  /** What a reader of its accuracy must know, without a full stop. */
  readonly note?: string;
  /** It uses what nobody knows at run time: it is never the best. */
  readonly isBound?: boolean;
}
