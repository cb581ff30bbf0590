import type { Entry } from '../core/entry.js';
import { Type } from '../core/type.js';
import type { BaselineCode } from './baseline.js';

/** Where a method's answers come from; `experiment/method-tasks.ts` turns it into tasks. */
export type Recipe =
  | { readonly kind: 'original' }
  /** Another clean network answers. */
  | { readonly kind: 'network' }
  /** The deployed network answers, changed as a whole by the entry's code; the form says what it may spend. */
  | { readonly kind: 'baseline'; readonly form: TuningForm | 'unlabeled' }
  /** The original answers, and for flagged samples the patch. */
  | {
      readonly kind: 'patch';
      readonly structure: 'searched' | 'random';
      readonly flagged: 'gate' | 'always';
    };

/** How D_e stands among D_t: once a pass, or with a share of every batch. */
export type TuningForm = 'pooled' | 'balanced';

/** A compared method or a control: one row of Table 1. */
export type MethodEntry = Omit<Entry<never>, 'load'> & {
  readonly isControl: boolean;
  readonly recipe: Recipe;
  /** What it trains, keeps and sends, in one sentence without a full stop. */
  readonly cost: string;
  /** The code of a recipe `baseline`, and only there. */
  readonly load?: () => Promise<BaselineCode>;
};

const none = Type.Object({});

const wholeNetwork = 'Trains the whole network for baseline.epochs over D_t and D_e, and sends all of it';
const headTraining =
  'Runs the whole network for baseline.epochs over D_t and D_e, trains and sends its last layer';
const patchTraining = 'Trains and sends a patch, with probes and gate';

/** The methods: one line each; their order is the order of the rows in the tables. */
export const methods = [
  {
    name: 'patchnas',
    summary: 'The searched patch behind the gate',
    source: 'the PatchNAS paper, Eqs. 1 to 15',
    version: 1,
    params: none,
    cost: `${patchTraining}; probes and search are prepared in advance`,
    isControl: false,
    recipe: { kind: 'patch', structure: 'searched', flagged: 'gate' },
  },
  {
    name: 'original',
    summary: 'Control: the network as it is, nothing done',
    source: 'this project',
    version: 1,
    params: none,
    cost: 'Nothing',
    isControl: true,
    recipe: { kind: 'original' },
  },
  {
    name: 'reseed',
    summary: 'Control: another clean network of the same recipe and another seed, on the same failures',
    source: 'this project',
    version: 1,
    params: none,
    cost: 'A second clean network, trained from scratch or given as network.reseed',
    isControl: true,
    recipe: { kind: 'network' },
  },
  {
    name: 'finetune',
    summary: 'Control: the whole network fine-tuned on D_t and D_e, pooled',
    source: 'this project',
    version: 1,
    params: none,
    cost: wholeNetwork,
    isControl: true,
    recipe: { kind: 'baseline', form: 'pooled' },
    load: () => import('./finetune.js'),
  },
  {
    name: 'finetune-balanced',
    summary: 'Control: the whole network fine-tuned with a fixed share of D_e in every batch',
    source: 'this project',
    version: 1,
    params: none,
    cost: wholeNetwork,
    isControl: true,
    recipe: { kind: 'baseline', form: 'balanced' },
    load: () => import('./finetune.js'),
  },
  {
    name: 'head-only',
    summary: 'Control: only the last layer trained, with a fixed share of D_e in every batch',
    source: 'this project',
    version: 1,
    params: none,
    cost: headTraining,
    isControl: true,
    recipe: { kind: 'baseline', form: 'balanced' },
    load: () => import('./head-only.js'),
  },
  {
    name: 'patch-random',
    summary: 'Control: a patch of random structure of like size, trained the same way',
    source: 'this project, after Li and Talwalkar 2019',
    version: 1,
    params: none,
    cost: patchTraining,
    isControl: true,
    recipe: { kind: 'patch', structure: 'random', flagged: 'gate' },
  },
  {
    name: 'gate-always',
    summary: "Control: patchnas's own patch with every sample sent through it",
    source: 'this project',
    version: 1,
    params: none,
    cost: "Nothing of its own beside patchnas's patch",
    isControl: true,
    recipe: { kind: 'patch', structure: 'searched', flagged: 'always' },
  },
] as const satisfies readonly MethodEntry[];

/** The section of `baseline` in an experiment file that holds an entry's own parameters: both forms share one. */
export function sectionOf({ name }: Pick<MethodEntry, 'name'>): string {
  return name.replace(/-balanced$/, '');
}
