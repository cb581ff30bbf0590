import { methods } from '../baselines/index.js';
import { Type, type Static } from '../core/type.js';
import { datasets } from '../datasets/index.js';
import { networks } from '../networks/index.js';
import { frostParams, noises } from '../noises/index.js';
import { tasks } from '../tasks/index.js';
import { baseline } from './baseline-section.js';
import { environmentPatch } from './environment-patch-section.js';
import { entryFrom, listFrom, oneOf, section, tagged, wordOrCount } from './schema-parts.js';

/**
 * The experiment file, once: ajv checks this value, the editor schema is written from it, `Experiment` is inferred
 * from it, and the defaults stand here and nowhere else. Its choices are composed from the catalogues.
 */

/** Names become folders and parts of paths in the seed tree. */
const plainName = {
  type: 'string',
  pattern: '^[A-Za-z0-9][A-Za-z0-9_-]*$',
  maxLength: 64,
  'x-expected': 'a name of at most 64 letters, digits, "_" and "-" that begins with a letter or digit',
} as const;

const path = (description: string) =>
  Type.Unsafe<string>({ type: 'string', minLength: 1, 'x-expected': 'the path of a file', description });

const count = (standard: number, description: string, minimum = 1) =>
  Type.Integer({ default: standard, minimum, description });

/** Three numbers on the scale of images from 0 to 1, so that a mean of 125 is refused. */
const perChannel = (what: string, above: { readonly minimum: 0 } | { readonly exclusiveMinimum: 0 }) =>
  Type.Unsafe<readonly number[]>({
    type: 'array',
    items: { type: 'number', ...above, maximum: 1 },
    minItems: 3,
    maxItems: 3,
    'x-expected': 'a list of three numbers, of red, green and blue',
    description: `The ${what} of red, green and blue, where images go from 0 to 1.`,
  });

const dataset = entryFrom(
  'datasets',
  datasets,
  {
    trainSubset: wordOrCount('all', {
      default: 'all',
      description: 'How many of the training images are used; the same ones for every seed.',
    }),
  },
  { description: 'The images that the network was trained on and is tested with.' },
);

const network = entryFrom(
  'networks',
  networks,
  {
    weights: Type.Optional(
      path(
        'Weights of the deployed network: .safetensors, or a state dict that PyTorch saved; instead of `pretrain`.',
      ),
    ),
    pretrain: Type.Optional(
      section(
        {
          recipe: oneOf(['standard', 'augmix'], {
            default: 'standard',
            description:
              '`standard`: crops and flips; `augmix`: mixtures of chains of operations as well, against noise.',
          }),
          jensenShannon: Type.Unsafe<boolean>({
            type: 'boolean',
            default: true,
            'x-expected': 'true or false',
            description:
              'For `augmix`: also trains two mixtures of each image to be answered alike, at three times the time.',
          }),
          epochs: count(100, 'Passes over the training images; as published 200 for DenseNet.'),
          batch: count(128, 'Images in a training step.'),
          learningRate: Type.Number({
            default: 0.1,
            exclusiveMinimum: 0,
            description: 'Of the first step; it falls along a cosine to 1e-6 at the last.',
          }),
          weightDecay: Type.Number({
            default: 5e-4,
            minimum: 0,
            description: 'L2 on every parameter; as published 0.0001 for DenseNet.',
          }),
        },
        { description: 'Trains the network first; instead of `weights`.' },
      ),
    ),
    reseed: Type.Optional(
      path('Weights of a second network, of the same recipe and another seed, for the control `reseed`.'),
    ),
    normalisation: Type.Optional(
      section(
        { mean: perChannel('mean', { minimum: 0 }), std: perChannel('deviation', { exclusiveMinimum: 0 }) },
        {
          description:
            'How images are normalised for weights that do not say it themselves; those that this program wrote do.',
        },
      ),
    ),
    expect: Type.Optional(
      section(
        {
          cleanAccuracy: section(
            {
              value: Type.Number({ minimum: 0, maximum: 1, description: 'The accuracy, from 0 to 1.' }),
              within: Type.Number({
                default: 0.01,
                exclusiveMinimum: 0,
                maximum: 1,
                description: 'How far from it the measured accuracy may be.',
              }),
            },
            { description: 'Accuracy on the clean test images.' },
          ),
        },
        { description: 'What the network must reach, or the run stops before the repair.' },
      ),
    ),
  },
  { description: 'The network to repair: `weights` of a deployed one, or `pretrain` to train one first.' },
);

/** `all` in place of a list of noises. */
const all = { 'x-short': { type: 'string', const: 'all' } } as const;

const severityList = {
  type: 'array',
  items: { type: 'integer', minimum: 1, maximum: 5 },
  minItems: 1,
  uniqueItems: true,
  'x-expected': 'a list of whole numbers from 1 to 5',
} as const;

/** In what the D_u of a shifted environment differs from what comes later. */
export interface ShiftedUnlabeled {
  readonly noises?: readonly string[];
  readonly severities?: readonly number[];
  readonly clean?: number;
  readonly samples?: number;
}

export interface Shift {
  readonly noises: readonly string[];
  readonly unlabeled: ShiftedUnlabeled;
}

const shiftedUnlabeled = {
  noises: Type.Optional(
    Type.Unsafe<readonly string[]>({
      ...listFrom('noises', noises, {
        description: 'Its noises, one drawn for each image: those of another environment.',
      }),
      ...all,
      'x-expected': 'all or a list of noises',
    }),
  ),
  severities: Type.Optional(
    Type.Unsafe<readonly number[]>({ ...severityList, description: 'Its severities.' }),
  ),
  clean: Type.Optional(
    Type.Number({
      exclusiveMinimum: 0,
      exclusiveMaximum: 1,
      description: 'Share of its images that are clean.',
    }),
  ),
  samples: Type.Optional(
    Type.Integer({
      minimum: 2,
      description: 'How many images it has, drawn by seed, in place of all of them.',
    }),
  ),
};

const noise = section(
  {
    types: {
      ...listFrom('noises', noises, {
        default: noises.map((entry) => entry.name),
        description: 'The noises, each an environment of its own: `all` or a list of names.',
      }),
      ...all,
      'x-expected': 'all or a list of noises',
    },
    severities: Type.Unsafe<readonly number[]>({
      ...severityList,
      default: [1, 2, 3, 4, 5],
      description: 'How strong the noises are: whole numbers from 1 (mild) to 5 (strong).',
    }),
    images: wordOrCount('all', {
      default: 'all',
      description: 'How many of the test images are corrupted, drawn by seed.',
    }),
    environments: Type.Unsafe<Readonly<Record<string, readonly string[]>>>({
      type: 'object',
      propertyNames: plainName,
      additionalProperties: {
        ...listFrom('noises', noises, { description: 'The noises of a mixture: `all` or a list of names.' }),
        ...all,
        minItems: 2,
        'x-expected': 'all or a list of two noises or more (a single noise is an environment by itself)',
      },
      default: {},
      'x-expected': 'a mapping of names to lists of noises',
      description: 'Mixtures of noises by name, beside one environment per type.',
    }),
    shifts: Type.Unsafe<Readonly<Record<string, Shift>>>({
      type: 'object',
      propertyNames: plainName,
      additionalProperties: section(
        {
          noises: {
            ...listFrom('noises', noises, {
              description: 'The noises that the repaired network meets: D_e, D_s and all that is tested.',
            }),
            ...all,
            'x-expected': 'all or a list of noises',
          },
          unlabeled: section(shiftedUnlabeled, {
            description:
              'In what D_u, which the repair was made with, is different. What is left out is the same.',
          }),
        },
        { description: 'An environment whose D_u is not like what comes later.' },
      ),
      default: {},
      'x-expected': 'a mapping of names to mappings with noises and unlabeled',
      description: 'Environments whose D_u is unlike what comes later, by name: how a repair fails.',
    }),
    source: tagged(
      'kind',
      [
        section(
          { kind: Type.Unsafe<'generate'>({ type: 'string', const: 'generate' }) },
          { description: 'Corrupt the test images here.' },
        ),
        section(
          {
            kind: Type.Unsafe<'npy'>({ type: 'string', const: 'npy' }),
            dir: Type.Unsafe<string>({
              type: 'string',
              minLength: 1,
              'x-expected': 'the path of a folder',
              description:
                'The folder with NAME.npy of every noise and labels.npy, in the layout of CIFAR-10-C.',
            }),
          },
          { description: 'Take noisy images that somebody made from the same test set.' },
        ),
        section(
          {
            kind: Type.Unsafe<'folder'>({ type: 'string', const: 'folder' }),
            dir: Type.Unsafe<string>({
              type: 'string',
              minLength: 1,
              'x-expected': 'the path of a folder',
              description:
                'The folder with NOISE/SEVERITY/CLASS/*.JPEG (or .png), in the layout of Tiny-ImageNet-C.',
            }),
          },
          {
            description:
              'Take noisy images that are other pictures than the test set, so that none has a clean counterpart.',
          },
        ),
      ],
      { default: { kind: 'generate' }, description: 'Where the noisy images come from.' },
    ),
    frost: Type.Optional(
      section(frostParams.properties, {
        description: 'How the noise `frost` is made; for `source` generate.',
      }),
    ),
  },
  { default: {}, description: 'The noisy images on which the network fails.' },
);

const split = section(
  {
    unlabeled: Type.Number({
      default: 0.5,
      exclusiveMinimum: 0,
      exclusiveMaximum: 1,
      description: 'Share of the noisy images that is D_u, used without labels.',
    }),
    failures: count(100, 'How many labelled failures are D_e; the other failures are D_s.'),
    groupBy: oneOf(['none', 'image'], {
      default: 'none',
      description: '`image` keeps all severities of an image on the same side of every split.',
    }),
  },
  { default: {}, description: 'How noisy images are divided into D_u, D_e and D_s.' },
);

const probe = section(
  {
    epochs: count(10, 'Passes over the training images.'),
    samples: wordOrCount('all', {
      default: 'all',
      description: 'How many of the training images are used, drawn by seed.',
    }),
  },
  { default: {}, description: 'The probes, a small classifier at each stage of the frozen network.' },
);

/** A threshold as itself, or as a quantile of the clean samples' scores. */
export type Sigma = { readonly quantile: number } | { readonly value: number };

const gate = section(
  {
    features: oneOf(['gap'], { default: 'gap', description: 'What the gate sees: pooled probe features.' }),
    target: oneOf(['log1p-stage', 'log1p-global', 'raw'], {
      default: 'log1p-stage',
      description: 'How Fisher information is normalised before the gate learns it.',
    }),
    stage: wordOrCount('argmax', {
      default: 'argmax',
      description: 'Which stage is patched: that of the largest prediction, or a fixed one (1 is the first).',
    }),
    sigma: Type.Unsafe<Sigma>({
      type: 'object',
      properties: {
        quantile: {
          type: 'number',
          exclusiveMinimum: 0,
          exclusiveMaximum: 1,
          description: 'The quantile of the summed prediction over clean samples.',
        },
        value: { type: 'number', minimum: 0, description: 'The threshold itself.' },
      },
      minProperties: 1,
      maxProperties: 1,
      additionalProperties: false,
      default: { quantile: 0.95 },
      'x-expected': 'a number, { value: … } or { quantile: … }',
      'x-short': { type: 'number', minimum: 0 },
      description: 'Samples whose summed prediction is above sigma go through the patch.',
    }),
  },
  { default: {}, description: 'The gate that decides which samples go through the patch.' },
);

const search = section(
  {
    tasks: listFrom('tasks', tasks, {
      default: tasks.map((entry) => entry.name),
      description: 'The self-supervised tasks that score structures, by name.',
    }),
    nodes: Type.Integer({
      default: 4,
      minimum: 2,
      maximum: 8,
      description: "Nodes of a cell, the input included (the paper's M).",
    }),
    cells: Type.Integer({ default: 2, minimum: 1, maximum: 4, description: 'Cells in a row.' }),
    candidates: count(200, 'Random structures that are scored.'),
    steps: count(4000, 'Training steps of the hyper-patch of each task.'),
    batch: count(128, 'Images in a training step.'),
    scoreSamples: count(2000, 'Held-out images of D_u on which candidates are scored.'),
    cacheSamples: count(2000, 'Images whose features are kept in memory.', 0),
    opsPerEdge: oneOf(['bernoulli', 'one'], {
      default: 'bernoulli',
      description: '`bernoulli`: each operation of an edge by itself; `one`: exactly one on each edge.',
    }),
  },
  { default: {}, description: 'The search for the structure of the patch.' },
);

const train = section(
  {
    epochs: count(8, 'Passes over D_e and the triggered clean samples.'),
    failureShare: Type.Number({
      default: 0.25,
      exclusiveMinimum: 0,
      maximum: 1,
      description: 'Share of every batch that is drawn from D_e.',
    }),
    augment: oneOf(['flip'], { default: 'flip', description: 'Random changes of the training images.' }),
  },
  { default: {}, description: 'Training of the patch.' },
);

const engine = section(
  {
    device: oneOf(['auto', 'cpu', 'gpu'], {
      default: 'auto',
      description: '`auto` takes a GPU where there is one; `gpu` fails where there is none.',
    }),
    precision: oneOf(['float32', 'bfloat16', 'auto'], {
      default: 'float32',
      description:
        'In what convolutions multiply: bfloat16 is up to twice as fast on processors that are made for it, and changes ' +
        'the digits; `auto` takes it there.',
    }),
    memory: Type.Unsafe<string>({
      type: 'string',
      pattern: '^[0-9]+(\\.[0-9]+)?(MB|GB)$',
      default: '2GB',
      'x-expected': 'an amount such as 4GB or 500MB',
      description:
        'How much memory caches inside a stage may take. Feature maps of patch training that have no room in it go to a ' +
        'file in the store, which has no name and is gone with the stage.',
    }),
  },
  { default: {}, description: 'TensorFlow and its limits.' },
);

export const experimentSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  $comment:
    'Editors check and complete an experiment file whose first line is: # yaml-language-server: $schema=../schemas/experiment.schema.json',
  title: 'patchnas experiment',
  ...section(
    {
      name: Type.Unsafe<string>({
        ...plainName,
        examples: ['my-experiment'],
        description: 'Name of the experiment and of its folder of results.',
      }),
      seed: Type.Integer({
        default: 1,
        minimum: 0,
        maximum: Number.MAX_SAFE_INTEGER, // beyond it whole numbers are rounded when they are read
        description: 'The one seed from which every random draw comes.',
      }),
      repeats: Type.Integer({
        default: 3,
        minimum: 1,
        maximum: 100,
        description: 'How often split, gate, search and patch are done anew; the clean network is shared.',
      }),
      dataset: { ...dataset, examples: [{ name: 'cifar10' }] },
      network: { ...network, examples: [{ name: 'allconvnet', pretrain: { epochs: 100 } }] },
      noise,
      split,
      probe,
      gate,
      search,
      train,
      methods: listFrom('methods', methods, {
        default: ['patchnas', 'original', 'patch-random', 'gate-always'],
        description: 'The compared methods and controls, by name.',
      }),
      baseline,
      environmentPatch,
      engine,
    },
    { description: 'An experiment of patchnas: which network is repaired, for which noises, and how.' },
  ),
};

/** A checked experiment with every default filled in. Paths are absolute. */
export type Experiment = Static<typeof experimentSchema>;
