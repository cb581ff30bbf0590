import { methods } from '../baselines/index.js';
import { Type, type TSchema } from '../core/type.js';
import { section, wordOrCount } from './schema-parts.js';

const budget = {
  epochs: Type.Integer({
    default: 20,
    minimum: 1,
    description: 'Passes over D_t and D_e. The paper gives no number; fewer where a CPU has to do.',
  }),
  steps: wordOrCount('epochs', {
    default: 'epochs',
    description: 'Training steps in all: those of `epochs`, or this many.',
  }),
  learningRate: Type.Number({
    default: 0.01,
    exclusiveMinimum: 0,
    description:
      'Of the first step; it falls along a cosine to 0. A tenth of what the networks were trained with; ' +
      "DeepRepair's code restarts at 0.1.",
  }),
  batch: Type.Integer({
    default: 128,
    minimum: 1,
    description: 'Images in a training step, as in the clean training.',
  }),
  trainSubset: wordOrCount('all', {
    default: 'all',
    description: 'How many images of D_t are used, drawn by seed: the same ones for every method.',
  }),
  failureShare: Type.Number({
    default: 0.25,
    exclusiveMinimum: 0,
    exclusiveMaximum: 1,
    description:
      'Share of every batch that is drawn from D_e in `head-only` and the methods named -balanced; in the others ' +
      'D_e lies once among D_t, as in the paper.',
  }),
};

/** The own parameters of each compared method, in a mapping of its name. */
const own = Object.fromEntries(
  methods
    .filter(({ name, params }) => Object.keys(params.properties).length > 0 && !name.endsWith('-balanced'))
    .map(({ name, params }): [string, TSchema] => [
      name,
      section(params.properties, { default: {}, description: `What \`${name}\` has of its own.` }),
    ]),
);

/** The budget of methods that change the whole network, which all of them share, and what each has of its own. */
export const baseline = section<typeof budget>(
  { ...budget, ...own },
  { default: {}, description: 'The compared methods that change the whole network.' },
);
