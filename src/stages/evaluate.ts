import { readFile, writeFile } from 'node:fs/promises';

import type { Recipe } from '../baselines/index.js';
import { readNpy, writeNpy } from '../core/npy.js';
import { predictedFromLogits } from '../nn/metrics.js';
import { defineStage, type StageContext } from '../pipeline/stage.js';
import type { ParameterCounts, SampleCounts } from '../report/index.js';
import type { BaselineRecord } from './baseline.js';
import { countArrays } from './count-arrays.js';
import { environmentAnswers, environmentCosts, type EnvironmentGating } from './environment-answers.js';
import { patchCosts, patchedAnswers, type Answers } from './patched-answers.js';
import { chosenStage } from './stage-choice.js';

/** The recipe of a method; of an add-on also the gate in front of it. */
type EvaluatedRecipe =
  Exclude<Recipe, { readonly kind: 'add-on' }> | ({ readonly kind: 'add-on' } & EnvironmentGating);

type Params = {
  readonly recipe: EvaluatedRecipe;
  /** Stage to patch: the gate's choice, or a fixed one (1 is the first). */
  readonly stage: 'argmax' | number;
};

/** What `evaluate.json` says. */
export interface EvaluationRecord {
  readonly parameters: ParameterCounts;
  readonly samples: SampleCounts;
}

/**
 * The classes that a repaired system gives to D_s, to the rightly classified noisy samples (in this order, as the
 * split has them) and to the clean test set, and which samples went through the repaired part.
 */
export const evaluate = defineStage<Params>({
  name: 'evaluate',
  summary: 'the answers of a repaired system to noisy and clean images',
  version: 2,
  outputs: ['noisy.npy', 'clean.npy', 'flagged-noisy.npy', 'flagged-clean.npy', 'evaluate.json'],
  engine: true,
  random: false,
  kindOfWork: ['recipe.kind'],
  run: async (context) => {
    const { params, input, output } = context;
    const heldOut = (await readNpy<Uint32Array>(input('split', 'held-out.npy'))).data;
    const right = (await readNpy<Uint32Array>(input('split', 'rightly-classified.npy'))).data;
    const answers = await answersOf(context, [...heldOut, ...right]);
    const files = {
      noisy: answers.noisy,
      clean: answers.clean,
      'flagged-noisy': answers.flaggedNoisy,
      'flagged-clean': answers.flaggedClean,
    };
    for (const [name, data] of Object.entries(files)) {
      await writeNpy(output(`${name}.npy`), { shape: [data.length], data });
    }
    const record = await costsOf(context, params.recipe);
    await writeFile(output('evaluate.json'), `${JSON.stringify(record, undefined, 1)}\n`);
  },
});

type Classes = Pick<Answers, 'noisy' | 'clean'>;

async function answersOf(context: StageContext<Params>, noisyRows: readonly number[]): Promise<Answers> {
  const { recipe } = context.params;
  switch (recipe.kind) {
    case 'original':
      return withFlags(await observedClasses(context, 'observe', 'observe-test', noisyRows), 0);
    case 'network':
    case 'baseline':
      return withFlags(await observedClasses(context, 'observe-other', 'observe-other-test', noisyRows), 1);
    case 'add-on': {
      const original = await observedClasses(context, 'observe', 'observe-test', noisyRows);
      return environmentAnswers(context, noisyRows, original, recipe);
    }
    case 'patch':
      return patchedAnswers(context, {
        noisyRows,
        original: await observedClasses(context, 'observe', 'observe-test', noisyRows),
        flagged: recipe.flagged,
        fixedStage: await fixedStageOf(context, recipe),
      });
  }
}

/** Index of the one stage that all samples go to; undefined where the gate chooses. */
async function fixedStageOf(
  context: StageContext<Params>,
  recipe: EvaluatedRecipe & { readonly kind: 'patch' },
): Promise<number | undefined> {
  if (recipe.stage === 'chosen') return chosenStage(context);
  const { stage } = context.params;
  return stage === 'argmax' ? undefined : stage - 1;
}

async function observedClasses(
  { input }: StageContext<Params>,
  noisyRole: string,
  testRole: string,
  noisyRows: readonly number[],
): Promise<Classes> {
  const classesOf = async (role: string): Promise<Uint8Array> => {
    const { data, shape } = await readNpy<Float32Array>(input(role, 'logits.npy'));
    return predictedFromLogits(data, shape[1]!);
  };
  const noisy = await classesOf(noisyRole);
  return { noisy: Uint8Array.from(noisyRows, (n) => noisy[n]!), clean: await classesOf(testRole) };
}

function withFlags({ noisy, clean }: Classes, flag: 0 | 1): Answers {
  const flaggedNoisy = new Uint8Array(noisy.length).fill(flag);
  const flaggedClean = new Uint8Array(clean.length).fill(flag);
  return { noisy, clean, flaggedNoisy, flaggedClean };
}

async function costsOf(context: StageContext<Params>, recipe: EvaluatedRecipe): Promise<EvaluationRecord> {
  const { input } = context;
  const original = (await countArrays(input('pretrain', 'network.safetensors'))).parameters;
  const trainingSet = (await readNpy<Uint8Array>(input('dataset', 'train-labels.npy'))).data.length;
  const nothing = { original, probesAndGate: 0, patch: 0, buffers: 0, trained: 0, transferred: 0 };
  const unused = { failures: 0, triggered: 0, trainingSet };
  switch (recipe.kind) {
    case 'original':
      return { parameters: nothing, samples: unused };
    case 'network':
      return { parameters: { ...nothing, trained: original, transferred: original }, samples: unused };
    case 'baseline': {
      const { parameters, samples } = await baselineRecord(context);
      const { failures, training: triggered, unlabeled } = samples;
      return {
        parameters: { ...nothing, ...parameters },
        samples: { failures, triggered, trainingSet, ...(unlabeled > 0 && { unlabeled }) },
      };
    }
    case 'add-on': {
      const { parameters, samples } = await environmentCosts(context, recipe);
      return { parameters: { original, ...parameters }, samples: { ...samples, trainingSet } };
    }
    case 'patch': {
      const { parameters, samples } = await patchCosts(context);
      return { parameters: { original, ...parameters }, samples: { ...samples, trainingSet } };
    }
  }
}

async function baselineRecord({ input }: Pick<StageContext, 'input'>): Promise<BaselineRecord> {
  return JSON.parse(await readFile(input('baseline', 'baseline.json'), 'utf8')) as BaselineRecord;
}
