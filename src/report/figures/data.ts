import type { SearchReport } from '../evaluation.js';
import type { ReportTables } from '../build.js';
import type { RocPoint } from '../roc.js';

/** What figures are drawn from: the tables, and what stands in no table. */
export interface FigureData {
  readonly tables: ReportTables;
  readonly searches: readonly SearchReport[];
  readonly roc: readonly RocCurve[];
  readonly fisher: readonly FisherSummary[];
  /** The structures that the searches chose. */
  readonly patches: readonly ChosenPatch[];
  readonly training: readonly TrainingCurve[];
  readonly images: readonly SampleImage[];
  /** Of the first repeat of each environment, where a method has an environment model. */
  readonly looks?: readonly EnvironmentLook[];
}

/** What an environment model has learned, and what it makes of some images. */
export interface EnvironmentLook {
  readonly environment: string;
  /** Lower edges of the radial bands, in cycles per 32 pixels. */
  readonly edges: readonly number[];
  readonly components: readonly {
    readonly weight: number;
    /** Of each of three opponent channels and each band. */
    readonly transfer: readonly (readonly number[])[];
    readonly noise: readonly (readonly number[])[];
    /** Of each channel: the mean m becomes m (1 + gain) + shift. */
    readonly gain: readonly number[];
    readonly shift: readonly number[];
  }[];
  /** Whether the noisy images are the clean ones with noise. */
  readonly isPaired: boolean;
  /** PNGs, base64. */
  readonly images: readonly {
    readonly severity: number;
    readonly clean: string;
    readonly styled: string;
    readonly noisy: string;
  }[];
}

/** How well one gate tells D_s from samples that the deployed network gets right. */
export interface RocCurve {
  readonly environment: string;
  readonly repeat: number;
  /** The others are clean test images or noisy ones: the harder. */
  readonly normals: 'clean' | 'noisy';
  /** Undefined where one of the groups is empty. */
  readonly auc: number | undefined;
  readonly points: readonly RocPoint[];
}

/** Fisher information of one stage over the samples of one group. */
export interface FisherSummary {
  readonly environment: string;
  readonly repeat: number;
  readonly stage: string;
  /** D_e, or as many rightly classified clean images. */
  readonly group: 'failures' | 'normals';
  readonly samples: number;
  readonly mean: number;
  readonly quartiles: readonly [lower: number, median: number, upper: number];
}

/** A structure as the figures need it: every edge with the operations whose outputs it adds up; none, no edge. */
export interface PatchGraph {
  readonly nodes: number;
  readonly cells: readonly (readonly {
    /** From 1. */
    readonly from: number;
    readonly to: number;
    readonly operations: readonly string[];
  }[])[];
}

export interface ChosenPatch {
  readonly environment: string;
  readonly repeat: number;
  readonly graph: PatchGraph;
}

/** Mean loss of each epoch, and the share of training images answered rightly where it was measured. */
export interface TrainingCurve {
  readonly of: 'network' | 'probes' | 'patch' | 'baseline' | 'add-on';
  /** Names one of several: `reseed`, the structure of a patch, or the method that trains the whole network. */
  readonly variant: string | undefined;
  /** Of what is trained in each environment. */
  readonly environment: string | undefined;
  readonly repeat: number | undefined;
  readonly epochs: readonly { readonly loss: number; readonly accuracy?: number }[];
}

export const sampleGroups = ['repaired', 'not-repaired', 'broken'] as const;
/** Failures of D_s that are mended or not, and rightly classified noisy images that the repair gets wrong. */
export type SampleGroup = (typeof sampleGroups)[number];

/** A noisy image with what it was taken for. */
export interface SampleImage {
  readonly method: string;
  readonly environment: string;
  readonly repeat: number;
  readonly group: SampleGroup;
  /** How many images the group has, of which some are shown. */
  readonly groupSize: number;
  readonly baseImage: number;
  readonly severity: number;
  readonly noise: string;
  readonly label: string;
  /** Classes before and after the repair. */
  readonly original: string;
  readonly repaired: string;
  /** A PNG, base64. */
  readonly png: string;
}
