import { findEntry } from '../core/entry.js';
import { networks } from '../networks/index.js';
import { noises } from '../noises/index.js';
import { noisesOf } from './environments.js';
import type { Experiment } from './schema.js';
import type { Path } from './source.js';

/** A rule between fields that an experiment breaks. */
export interface Problem {
  readonly code: string;
  /** Where to show it: the first of these that stands in the file or in a flag. */
  readonly at: readonly Path[];
  readonly part?: 'key' | 'value';
  readonly message: string;
  readonly fix: string;
}

/** A rule between fields; it runs only when what it reads has passed the schema. */
export interface Check<Facts extends readonly unknown[] = []> {
  readonly reads: readonly Path[];
  readonly run: (experiment: Experiment, ...facts: Facts) => readonly Problem[];
}

export function check<Facts extends readonly unknown[]>(
  reads: readonly string[],
  run: Check<Facts>['run'],
): Check<Facts> {
  return { reads: reads.map((path) => path.split('.')), run };
}

/** Exactly one of `weights` and `pretrain`. */
const networkHasOneOrigin = check(['network'], ({ network }) => {
  if ((network.weights === undefined) !== (network.pretrain === undefined)) return [];
  const both = network.weights !== undefined;
  return [
    {
      code: 'PN220',
      at: both ? [['network', 'pretrain']] : [['network']],
      part: 'key',
      message: both ? 'network has both weights and pretrain' : 'network needs either weights or pretrain',
      fix: both
        ? 'Keep weights for a network that is trained already, or pretrain to train one first.'
        : 'Add weights: path.safetensors for a network that is trained already, or pretrain: { epochs: 100 }',
    },
  ];
});

/** The control `reseed` needs a second network: a file beside `weights`, or a second training. */
const reseedHasNetwork = check(['network', 'methods'], ({ network, methods }) => {
  const at = methods.indexOf('reseed');
  if (at < 0 || network.pretrain || network.reseed !== undefined) return [];
  return [
    {
      code: 'PN221',
      at: [['methods', at]],
      message: 'the control "reseed" needs a second network',
      fix: 'Add network.reseed: other.safetensors (the same recipe with another seed), or remove "reseed" here.',
    },
  ];
});

/** What is trained here has its normalisation from the recipe. */
const normalisationHasUse = check(['network'], ({ network }) => {
  if (network.normalisation === undefined || !network.pretrain) return [];
  return [
    {
      code: 'PN231',
      at: [['network', 'normalisation']],
      part: 'key',
      message: 'network.normalisation has no use beside network.pretrain, whose recipe has its own',
      fix: 'Remove normalisation.',
    },
  ];
});

/** With `pretrain` the second network is trained as well. */
const reseedFileHasUse = check(['network'], ({ network }) => {
  if (network.reseed === undefined || !network.pretrain) return [];
  return [
    {
      code: 'PN222',
      at: [['network', 'reseed']],
      part: 'key',
      message: 'network.reseed has no use beside network.pretrain, which trains the second network itself',
      fix: 'Remove reseed.',
    },
  ];
});

/** Its default stands in every experiment, so only the other value shows that somebody wanted something. */
const jensenShannonHasUse = check(['network'], ({ network: { pretrain } }) => {
  if (pretrain?.recipe !== 'standard' || pretrain.jensenShannon) return [];
  return [
    {
      code: 'PN229',
      at: [['network', 'pretrain', 'jensenShannon']],
      part: 'key',
      message: 'network.pretrain.jensenShannon has no use with the recipe standard',
      fix: 'Write recipe: augmix, or remove jensenShannon.',
    },
  ];
});

/** A fixed stage must exist. */
const gateStageExists = check(['network.name', 'gate.stage'], ({ network, gate }) => {
  const { stages } = findEntry(networks, network.name);
  if (gate.stage === 'argmax' || gate.stage <= stages) return [];
  return [
    {
      code: 'PN223',
      at: [['gate', 'stage']],
      message: `gate.stage is ${gate.stage}, but ${network.name} has ${stages} stages`,
      fix: `Write argmax or a number from 1 to ${stages}.`,
    },
  ];
});

/** Photos of frost are used by the noise frost alone, where it is made here. */
const frostHasUse = check(['noise'], (experiment) => {
  const { noise } = experiment;
  if (noise.frost === undefined) return [];
  const isMade = noise.source.kind === 'generate';
  if (isMade && noisesOf(experiment).includes('frost')) return [];
  return [
    {
      code: 'PN230',
      at: [['noise', 'frost']],
      part: 'key',
      message: isMade
        ? 'noise.frost has no use: no environment has the noise frost'
        : `noise.frost has no use beside noise.source of kind ${noise.source.kind}, which brings its images`,
      fix: isMade ? 'Add frost to noise.types, or remove this.' : 'Remove it.',
    },
  ];
});

/** Names of environments name stage tasks too, beside the noises and the two halves of the data set. */
const environmentNamesAreFree = check(['noise.environments', 'noise.shifts'], ({ noise }) => {
  const taken = new Set<string>([...noises.map((entry) => entry.name), 'train', 'test', 'all']);
  const mixtures = Object.keys(noise.environments);
  const shifts = Object.keys(noise.shifts);
  return [
    ...mixtures.filter((name) => taken.has(name)).map((name) => ['environments', name, 'mix'] as const),
    ...shifts
      .filter((name) => taken.has(name) || mixtures.includes(name))
      .map((name) => ['shifts', name, 'shifted'] as const),
  ].map(([key, name, suffix]) => ({
    code: 'PN224',
    at: [['noise', key, name]],
    part: 'key',
    message: `an environment cannot be named "${name}": that name has a meaning already`,
    fix: `Give it another name, such as ${name}-${suffix}.`,
  }));
});

/** D_u is made of the same clean images as all else, so only whole images keep it apart; other pictures have no clean form. */
const shiftsCanBeMade = check(['noise', 'split.groupBy'], ({ noise, split }) => {
  const names = Object.keys(noise.shifts);
  if (names.length === 0) return [];
  if (noise.source.kind === 'folder')
    return [
      {
        code: 'PN236',
        at: [['noise', 'shifts']],
        part: 'key',
        message: 'noise.shifts needs noisy forms of the test images, but noise.source brings other pictures',
        fix: 'Remove it, or take noise.source of kind generate or npy.',
      },
    ];
  if (split.groupBy === 'image') return [];
  return [
    {
      code: 'PN237',
      at: [['noise', 'shifts']],
      part: 'key',
      message: 'with noise.shifts all forms of an image must be on one side: D_u would hold images of D_s',
      fix: 'Write split: { groupBy: image }.',
    },
  ];
});

export const checks: readonly Check[] = [
  networkHasOneOrigin,
  reseedHasNetwork,
  reseedFileHasUse,
  normalisationHasUse,
  jensenShannonHasUse,
  gateStageExists,
  frostHasUse,
  environmentNamesAreFree,
  shiftsCanBeMade,
];
