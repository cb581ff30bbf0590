import { environmentGateKinds } from '../baselines/index.js';
import { Type } from '../core/type.js';
import { addOnKinds, styles } from '../environment/choices.js';
import { oneOf, section } from './schema-parts.js';

/** The words that make a variant; each is a line of YAML. */
const choices = (isDefault: boolean) => ({
  labels: oneOf(['failures', 'none'], {
    ...(isDefault && { default: 'failures' as const }),
    description: '`failures` trains on D_e too; `none` on no label of the environment.',
  }),
  style: oneOf(styles, {
    ...(isDefault && { default: 'learned' as const }),
    description:
      'How clean images get the look of the environment: by the fitted model, by band powers (`swap`), amplitudes ' +
      '(`fourier`) or channel statistics (`mean-std`) of images of D_u, or not at all. `oracle` makes the true noises: a ' +
      'bound that nobody can run.',
  }),
  addon: oneOf(addOnKinds, {
    ...(isDefault && { default: 'depthwise' as const }),
    description:
      'What is trained beside the norms: a 3x3 filter for each channel behind each convolution, a path of low rank ' +
      'beside it, nothing (`batchnorm`), or all weights.',
  }),
  gate: oneOf(environmentGateKinds, {
    ...(isDefault && { default: 'environment' as const }),
    description:
      "Which images go through the add-on: by the environment gate, the patch's gate (`fisher`), low confidence, all, " +
      'or as if known (`oracle`, a bound that nobody can run).',
  }),
});

const optional = choices(false);
const overrides = {
  labels: Type.Optional(optional.labels),
  style: Type.Optional(optional.style),
  addon: Type.Optional(optional.addon),
  gate: Type.Optional(optional.gate),
  quantile: Type.Optional(
    Type.Number({
      exclusiveMinimum: 0,
      exclusiveMaximum: 1,
      description: 'Another quantile for the threshold.',
    }),
  ),
  steps: Type.Optional(
    Type.Integer({ minimum: 1, description: 'Another number of training steps of the add-on.' }),
  ),
};

const variant = section(overrides, { description: 'What differs from the mapping around it.' });
export type Variant = {
  readonly labels?: 'failures' | 'none';
  readonly style?: (typeof styles)[number];
  readonly addon?: (typeof addOnKinds)[number];
  readonly gate?: (typeof environmentGateKinds)[number];
  readonly quantile?: number;
  readonly steps?: number;
};

const rate = (standard: number, description: string) =>
  Type.Number({ default: standard, exclusiveMinimum: 0, description });
const weight = (standard: number, description: string) =>
  Type.Number({ default: standard, minimum: 0, description });
const count = (standard: number, description: string) =>
  Type.Integer({ default: standard, minimum: 1, description });

/** Everything that `environment-patch` can be told. The defaults are those that were measured (docs/environment-patch.md). */
export const environmentPatch = section(
  {
    ...choices(true),
    quantile: Type.Number({
      default: 0.975,
      exclusiveMinimum: 0,
      exclusiveMaximum: 1,
      description: 'Of the scores of clean images that the gate has not learned from: the threshold.',
    }),
    environmentGate: section(
      {
        trainImages: count(10000, 'Images of D_t that it learns from; at most half of D_t.'),
        steps: count(300, 'Steps of Adam over all images at once.'),
        learningRate: rate(0.02, 'Of the first step; it falls along a cosine to 0.'),
        weightDecay: weight(1e-3, 'L2 on the weights.'),
        clamp: rate(8, 'Features are cut at this many standard deviations of D_t.'),
      },
      { default: {}, description: 'The logistic regression that recognises the environment.' },
    ),
    environmentModel: section(
      {
        edges: Type.Unsafe<readonly number[]>({
          type: 'array',
          items: { type: 'number', exclusiveMinimum: 0 },
          minItems: 1,
          uniqueItems: true,
          default: [0.5, 1.5, 3, 5, 8, 12],
          'x-expected': 'an ascending list of numbers above 0',
          description: 'Lower edges of the radial bands, in cycles per 32 pixels, ascending.',
        }),
        components: count(6, 'Components of the mixture (K).'),
        steps: count(400, 'Steps of Adam.'),
        learningRate: rate(0.05, 'Of the first step; it falls along a cosine to 0.'),
        cleanBatch: count(128, 'Images of D_t in a step; each goes through all components.'),
        noisyBatch: count(512, 'Images of D_u in a step.'),
        flatness: weight(1e-3, 'Weight of the mean squared logarithm of the transfers.'),
        trainImages: count(5000, 'Images of D_t that are measured, drawn by seed.'),
      },
      { default: {}, description: 'The mixture of filters and noise that is fitted to D_u.' },
    ),
    training: section(
      {
        steps: count(400, 'Training steps; 150 for a quick repair.'),
        batch: count(128, 'Images in a training step.'),
        failureShare: Type.Number({
          default: 0.1,
          exclusiveMinimum: 0,
          exclusiveMaximum: 1,
          description: 'Share of every batch that is drawn from D_e.',
        }),
        learningRate: rate(0.01, 'Of Adam at the first step; it falls along a cosine to 0.'),
        weightDecay: weight(1e-4, 'L2 on everything that is trained.'),
        statisticsBatch: count(
          250,
          'Images of a batch of the pass over D_u for the statistics of the norms.',
        ),
        rank: count(4, 'Channels of the path of `addon: low-rank`.'),
      },
      { default: {}, description: 'Training of the add-on.' },
    ),
    variants: Type.Unsafe<Readonly<Record<string, Variant>>>({
      type: 'object',
      propertyNames: { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9_-]*$', maxLength: 48 },
      additionalProperties: variant,
      default: {},
      'x-expected': 'a mapping of names to what is different',
      description: 'More rows `environment-patch-NAME`, where `environment-patch` is among the methods.',
    }),
  },
  { default: {}, description: 'The method `environment-patch`.' },
);
