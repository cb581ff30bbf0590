import type { Entry } from '../core/entry.js';
import { Type } from '../core/type.js';
import type { BaselineCode } from './baseline.js';
import { augmixParameters, cutmixParameters, deeprepairParameters, fsgmixParameters } from './parameters.js';

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
      readonly structure: 'searched' | 'random' | 'conv3';
      readonly flagged: PatchFlag;
      /** One stage for all samples, chosen on D_e, in place of the gate's choice for each. */
      readonly stage?: 'chosen';
    }
  /** The original answers, and for images of the environment the network with an add-on; the experiment says how. */
  | { readonly kind: 'add-on' };

/** Which samples go through a patch: those above sigma, all, exactly the failures, or those of low confidence. */
export type PatchFlag = 'gate' | 'always' | 'failures' | 'confidence';

/** Which images go through an add-on. */
export const environmentGateKinds = ['environment', 'fisher', 'confidence', 'always', 'oracle'] as const;
export type EnvironmentGateKind = (typeof environmentGateKinds)[number];

/** How D_e stands among D_t: once a pass, or with a share of every batch. */
export type TuningForm = 'pooled' | 'balanced';

/** A compared method or a control: one row of Table 1. */
export type MethodEntry = Omit<Entry<never>, 'load'> & {
  readonly isControl: boolean;
  /** Its name in tables and tasks, where that says more than the name in experiments. */
  readonly label?: string;
  /** What a reader of an accuracy must know of it, without a full stop; of its own parameters where it depends on them. */
  readonly note?: string | NoteOfParameters;
  /** It uses what nobody knows at run time, to say how far others could get; it is never the best. */
  readonly isBound?: boolean;
  readonly recipe: Recipe;
  /** What it trains, keeps and sends, in one sentence without a full stop. */
  readonly cost: string;
  /** The code of a recipe `baseline`, and only there. */
  readonly load?: () => Promise<BaselineCode>;
};

const none = Type.Object({});

const wholeNetwork = 'Trains the whole network for baseline.epochs over D_t and D_e, and sends all of it';
const threeViews = `${wholeNetwork}; three views of each image take three times the time, less where mixedShare is below 1`;
const headTraining =
  'Runs the whole network for baseline.epochs over D_t and D_e, trains and sends its last layer';
const patchTraining = 'Trains and sends a patch, with probes and gate';

type NoteOfParameters = (params: Readonly<Record<string, unknown>>) => string | undefined;

/** What is to be said of a method in any case, and how much of a batch is mixed where that is not all. */
function mixingNote(own?: NoteOfParameters): NoteOfParameters {
  return (params) => {
    const { mixedShare = 1 } = params as { readonly mixedShare?: number };
    const share =
      mixedShare < 1
        ? `mixtures are made for ${100 * mixedShare} % of each batch, not for all of it`
        : undefined;
    const notes = [own?.(params), share].filter((note) => note !== undefined);
    return notes.length > 0 ? notes.join('; ') : undefined;
  };
}

const cutmix = {
  source: 'Yun et al. 2019, clovaai/CutMix-PyTorch',
  version: 1,
  params: cutmixParameters,
  cost: wholeNetwork,
  isControl: false,
  load: () => import('./cutmix.js'),
} as const;

const augmix = {
  source: 'Hendrycks et al. 2020, google-research/augmix',
  version: 1,
  params: augmixParameters,
  cost: threeViews,
  isControl: false,
  note: mixingNote(),
  load: () => import('./augmix.js'),
} as const;

const fsgmix = {
  source: 'this project, after what is said of Ren et al. 2020, whose paper gives no code',
  version: 1,
  params: fsgmixParameters,
  cost: threeViews,
  isControl: false,
  note: mixingNote(() => 'our reading of a method that was published without code'),
  load: () => import('./fsgmix.js'),
} as const;

const deeprepair = {
  source: 'Yu et al. 2021, SaikaQH/DeepRepair',
  version: 1,
  params: deeprepairParameters,
  cost: threeViews,
  isControl: false,
  note: mixingNote(({ style }) =>
    style === 'wct2'
      ? 'styles are transferred by WCT2, with the weights that the experiment names'
      : 'styles are transferred by wct-pixel, from colours and frequencies, not by the published network WCT2',
  ),
  load: () => import('./deeprepair.js'),
} as const;

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
    name: 'environment-patch',
    summary: 'A small add-on for images of the environment, trained on clean images that were given its look',
    source: 'this project (docs/environment-patch.md); no part of the paper',
    version: 1,
    params: none,
    cost: 'Trains and sends norms, filters and a gate; looks at D_u, and at D_e where labels are used',
    isControl: false,
    note: 'goes beyond the paper; its defaults were chosen with an eye on gaussian_noise and contrast',
    recipe: { kind: 'add-on' },
  },
  {
    ...cutmix,
    name: 'cutmix',
    summary: 'CutMix on D_t and D_e, pooled: a box of each image comes from another, labels in proportion',
    recipe: { kind: 'baseline', form: 'pooled' },
  },
  {
    ...cutmix,
    name: 'cutmix-balanced',
    summary: 'CutMix with a fixed share of D_e in every batch',
    recipe: { kind: 'baseline', form: 'balanced' },
  },
  {
    ...augmix,
    name: 'augmix',
    summary: 'AugMix on D_t and D_e, pooled: each image and two mixtures of it are to have the same answer',
    recipe: { kind: 'baseline', form: 'pooled' },
  },
  {
    ...augmix,
    name: 'augmix-balanced',
    summary: 'AugMix with a fixed share of D_e in every batch',
    recipe: { kind: 'baseline', form: 'balanced' },
  },
  {
    ...fsgmix,
    name: 'fsgmix',
    label: 'FSGMix-style',
    summary: 'AugMix on D_t and D_e, pooled, with images from a Gaussian mixture of D_e in the mixtures',
    recipe: { kind: 'baseline', form: 'pooled' },
  },
  {
    ...fsgmix,
    name: 'fsgmix-balanced',
    label: 'FSGMix-style-balanced',
    summary: 'FSGMix-style with a fixed share of D_e in every batch',
    recipe: { kind: 'baseline', form: 'balanced' },
  },
  {
    ...deeprepair,
    name: 'deeprepair',
    summary: 'AugMix on D_t and D_e, pooled, with images in the style of failures in the mixtures',
    recipe: { kind: 'baseline', form: 'pooled' },
  },
  {
    ...deeprepair,
    name: 'deeprepair-balanced',
    summary: 'DeepRepair with a fixed share of D_e in every batch',
    recipe: { kind: 'baseline', form: 'balanced' },
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
    name: 'bn-adapt',
    summary: "Control: the norms' running statistics taken from D_u, without labels",
    source: 'Schneider et al. 2020; Nado et al. 2020',
    version: 1,
    params: none,
    cost: 'One pass over D_u; sends two running statistics a channel',
    isControl: true,
    recipe: { kind: 'baseline', form: 'unlabeled' },
    load: () => import('./bn-adapt.js'),
  },
  {
    name: 'tent',
    summary: 'Control: bn-adapt, and entropy minimised over scales and shifts of the norms on D_u',
    source: 'Wang et al. 2021',
    version: 1,
    params: Type.Object({
      epochs: Type.Integer({ default: 1, minimum: 1, description: 'Passes over D_u; as published one.' }),
      learningRate: Type.Number({
        default: 1e-3,
        exclusiveMinimum: 0,
        description: 'Of Adam, at every step; as published for CIFAR-10.',
      }),
    }),
    cost: 'Trains scales and shifts of the norms on D_u; sends four numbers a channel',
    isControl: true,
    recipe: { kind: 'baseline', form: 'unlabeled' },
    load: () => import('./tent.js'),
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
    name: 'patch-conv3',
    summary: 'Control: a patch of 3 x 3 convolutions on every edge, trained the same way',
    source: 'this project',
    version: 1,
    params: none,
    cost: patchTraining,
    isControl: true,
    recipe: { kind: 'patch', structure: 'conv3', flagged: 'gate' },
  },
  {
    name: 'patch-fixed-stage',
    summary: 'Control: the searched patch at one stage for all samples, chosen by cross-validation on D_e',
    source: 'this project',
    version: 1,
    params: none,
    cost: `${patchTraining}; before it a patch for each stage and fold of D_e`,
    isControl: true,
    recipe: { kind: 'patch', structure: 'searched', flagged: 'gate', stage: 'chosen' },
  },
  {
    name: 'gate-oracle',
    summary: "Control: patchnas's own patch for exactly the samples that the original gets wrong",
    source: 'this project',
    version: 1,
    params: none,
    cost: "Nothing of its own beside patchnas's patch; it reads the true labels, so nobody can deploy it",
    isControl: true,
    note: 'knows which samples fail: a bound, not a method',
    isBound: true,
    recipe: { kind: 'patch', structure: 'searched', flagged: 'failures' },
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
  {
    name: 'gate-confidence',
    summary: "Control: flagged by the original's confidence, at the quantile of D_t that the gate uses",
    source: 'this project, after Hendrycks and Gimpel 2017',
    version: 1,
    params: none,
    cost: patchTraining,
    isControl: true,
    recipe: { kind: 'patch', structure: 'searched', flagged: 'confidence' },
  },
] as const satisfies readonly MethodEntry[];

export function labelOf({ name, label }: Pick<MethodEntry, 'name' | 'label'>): string {
  return label ?? name;
}

/** @param params the method's own, as the experiment has them */
export function noteOf(
  { note }: Pick<MethodEntry, 'note'>,
  params: Readonly<Record<string, unknown>>,
): string | undefined {
  return typeof note === 'function' ? note(params) : note;
}

/** The section of `baseline` in an experiment file that holds an entry's own parameters: both forms share one. */
export function sectionOf({ name }: Pick<MethodEntry, 'name'>): string {
  return name.replace(/-balanced$/, '');
}
