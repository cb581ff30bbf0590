import { readFile, writeFile } from 'node:fs/promises';

import { DataError } from '../core/errors.js';
import { readNpy } from '../core/npy.js';
import { gather } from '../nn/batch.js';
import { defineStage, type StageContext } from '../pipeline/stage.js';
import { crossValidate, foldsOf } from '../repair/cross-validation.js';
import { buildPatch } from '../repair/patch.js';
import { patchSteps, trainPatch, type PatchSamples } from '../repair/patch-training.js';
import { classifyFlagged } from '../repair/repaired-network.js';
import type { SigmaSetting } from '../repair/sigma.js';
import { parseStructure } from '../repair/structure.js';
import { openNetwork } from './network-file.js';
import { patchSamples } from './patch-samples.js';
import { stageEngine } from './stage-engine.js';

type Params = {
  readonly sigma: SigmaSetting;
  readonly epochs: number;
  readonly failureShare: number;
  readonly augment: 'flip';
};

/** Three quarters of D_e to learn from, and each patch costs a whole training. */
const folds = 4;

/** What `stage-choice.json` says. */
export interface StageChoiceRecord {
  /** The stage with the most right answers, 1 is the first. */
  readonly stage: number;
  /** Failures in each fold. */
  readonly failures: readonly number[];
  /** Failures that a patch trained on the other folds answers rightly: a row for each stage, a number for each fold. */
  readonly right: readonly (readonly number[])[];
}

/**
 * The one stage at which a patch does most for failures that it has not seen: cross-validation on D_e, with the
 * samples of D_t that trigger the gate in every training. Failures that show one image stay in one fold.
 */
export const stageChoice = defineStage<Params>({
  name: 'stage-choice',
  summary: 'the one stage to patch, chosen by cross-validation on D_e',
  version: 1,
  outputs: ['stage-choice.json'],
  engine: true,
  random: true,
  run: async (context) => {
    const { params, input, output, rng, emit, signal, runtime, checkpointDir } = context;
    const engine = await stageEngine(context);
    const network = await openNetwork(engine, input('pretrain', 'network.safetensors'));
    const path = input('search', 'structure.json');
    const structure = parseStructure(await readFile(path, 'utf8'), path);
    const stages = network.stages.map((_, i) => i);
    const { samples, failures } = await patchSamples(context, params.sigma, 'gate', stages.length, undefined);
    const normals = Array.from(samples.isFailure.keys()).filter((n) => samples.isFailure[n] === 0);

    const baseImages = (await readNpy<Uint32Array>(input('corrupt', 'base-image.npy'))).data;
    const groups = Array.from(failures, (n) => baseImages[n]!);
    checkGroups(groups);
    const fold = foldsOf(groups, folds, rng.child('folds'));
    const sizes = Array.from({ length: Math.max(...fold) + 1 }, (_, f) => fold.filter((g) => g === f).length);
    const total = stages.length * sizes.length;
    let done = 0;
    const { chosen, scores } = await crossValidate(stages, fold, async (stage, learned, others, f) => {
      const own = rng.child(`stage${stage + 1}/fold${f + 1}`);
      const patch = buildPatch(engine, own.child('weights'), network, structure);
      await trainPatch(
        engine,
        network,
        patch,
        atStage(samples, [...learned, ...normals], stage),
        own.child('batches'),
        {
          ...patchSteps,
          epochs: params.epochs,
          failureShare: params.failureShare,
          memoryBytes: runtime.memoryBytes,
          scratchDir: checkpointDir,
          signal,
          onStep: () => undefined,
        },
      );
      const classes = await classifyFlagged(
        engine,
        network,
        patch,
        gather(samples.images, others),
        new Uint8Array(others.length),
        { flagged: new Uint8Array(others.length).fill(1), stage: new Uint8Array(others.length).fill(stage) },
      );
      engine.tf.dispose([...patch.parameters, ...patch.buffers].map(({ variable }) => variable));
      emit({ type: 'progress', done: ++done, total, unit: 'patches' });
      return others.filter((n, k) => classes[k] === samples.labels[n]).length;
    });
    const record: StageChoiceRecord = { stage: chosen + 1, failures: sizes, right: scores };
    await writeFile(output('stage-choice.json'), `${JSON.stringify(record, undefined, 1)}\n`);
  },
});

/** Index of the stage that was chosen, 0 is the first. */
export async function chosenStage({ input }: Pick<StageContext, 'input'>): Promise<number> {
  const text = await readFile(input('stage-choice', 'stage-choice.json'), 'utf8');
  return (JSON.parse(text) as StageChoiceRecord).stage - 1;
}

/** Some of the samples, all of them sent to one stage. */
function atStage(samples: PatchSamples, members: readonly number[], stage: number): PatchSamples {
  return {
    images: gather(samples.images, members),
    labels: Uint8Array.from(members, (n) => samples.labels[n]!),
    stage: new Uint8Array(members.length).fill(stage),
    isFailure: Uint8Array.from(members, (n) => samples.isFailure[n]!),
  };
}

/** @throws {DataError} PN378 where all failures are of one image */
export function checkGroups(groups: readonly number[]): void {
  if (new Set(groups).size > 1) return;
  throw new DataError(`D_e has ${groups.length} failures of one image: no part of it can judge the other`, {
    code: 'PN378',
    fix: 'Ask for more failures (split.failures), or leave out the method patch-fixed-stage.',
  });
}
