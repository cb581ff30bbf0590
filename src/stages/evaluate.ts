import { readFile, writeFile } from 'node:fs/promises';

import type { Recipe } from '../baselines/index.js';
import { readNpy, writeNpy } from '../core/npy.js';
import { Rng } from '../core/rng.js';
import { readSafetensors } from '../core/safetensors.js';
import type { Engine } from '../engine/engine.js';
import type { Network } from '../networks/network.js';
import { gather, pieces, type Images } from '../nn/batch.js';
import { loadModule } from '../nn/checkpoint.js';
import { defineStage, type StageContext } from '../pipeline/stage.js';
import { decide, type GateDecision } from '../repair/gate.js';
import { buildPatch, patchedLogits, type Patch } from '../repair/patch.js';
import { aroundStage } from '../repair/patch-training.js';
import { predictedClasses } from '../repair/repaired-network.js';
import { parseStructure } from '../repair/structure.js';
import type { ParameterCounts, SampleCounts } from '../report/index.js';
import { openNetwork } from './network-file.js';
import { predictedFromLogits } from './observe.js';
import { stageEngine } from './stage-engine.js';
import type { TrainRecord } from './train.js';

type Params = {
  readonly recipe: Recipe;
  /** Stage to patch: the gate's choice, or a fixed one (1 is the first). */
  readonly stage: 'argmax' | number;
};

/** What `evaluate.json` says. */
export interface EvaluationRecord {
  readonly parameters: ParameterCounts;
  readonly samples: SampleCounts;
}

const batch = 250;

/**
 * The classes that a repaired system gives to D_s, to the rightly classified noisy samples (in this order, as the
 * split has them) and to the clean test set, and which samples went through the repaired part.
 */
export const evaluate = defineStage<Params>({
  name: 'evaluate',
  summary: 'the answers of a repaired system to noisy and clean images',
  version: 1,
  outputs: ['noisy.npy', 'clean.npy', 'flagged-noisy.npy', 'flagged-clean.npy', 'evaluate.json'],
  engine: true,
  random: false,
  run: async (context) => {
    const { params, input, output } = context;
    const heldOut = (await readNpy<Uint32Array>(input('split', 'held-out.npy'))).data;
    const right = (await readNpy<Uint32Array>(input('split', 'rightly-classified.npy'))).data;
    const noisyRows = [...heldOut, ...right];
    const answers = await answersOf(context, params.recipe, noisyRows);
    const files = {
      noisy: answers.noisy,
      clean: answers.clean,
      'flagged-noisy': answers.flaggedNoisy,
      'flagged-clean': answers.flaggedClean,
    };
    for (const [name, data] of Object.entries(files))
      await writeNpy(output(`${name}.npy`), { shape: [data.length], data });
    await writeFile(output('evaluate.json'), `${JSON.stringify(answers.record, undefined, 1)}\n`);
  },
});

interface Answers {
  readonly noisy: Uint8Array;
  readonly clean: Uint8Array;
  readonly flaggedNoisy: Uint8Array;
  readonly flaggedClean: Uint8Array;
  readonly record: EvaluationRecord;
}

async function answersOf(
  context: StageContext<Params>,
  recipe: Recipe,
  noisyRows: readonly number[],
): Promise<Answers> {
  const { input } = context;
  const network = await networkParameters(input('pretrain', 'network.safetensors'));
  const trainingSet = (await readNpy<Uint8Array>(input('dataset', 'train-labels.npy'))).data.length;
  const own = await observedClasses(context, 'observe', 'observe-test', noisyRows);
  const untouched = { original: network, probesAndGate: 0, patch: 0, buffers: 0, trained: 0, transferred: 0 };
  const unused = { failures: 0, triggered: 0, trainingSet };
  switch (recipe.kind) {
    case 'original':
      return { ...own, ...flags(own, 0), record: { parameters: untouched, samples: unused } };
    case 'network': {
      const other = await observedClasses(context, 'observe-other', 'observe-other-test', noisyRows);
      const parameters = { ...untouched, trained: network, transferred: network };
      return { ...other, ...flags(other, 1), record: { parameters, samples: unused } };
    }
    case 'patch':
      return patchedAnswers(context, recipe.flagged, noisyRows, own, untouched, trainingSet);
  }
}

type Classes = Pick<Answers, 'noisy' | 'clean'>;

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

function flags({ noisy, clean }: Classes, value: 0 | 1): Pick<Answers, 'flaggedNoisy' | 'flaggedClean'> {
  return {
    flaggedNoisy: new Uint8Array(noisy.length).fill(value),
    flaggedClean: new Uint8Array(clean.length).fill(value),
  };
}

async function patchedAnswers(
  context: StageContext<Params>,
  flagged: 'gate' | 'always',
  noisyRows: readonly number[],
  own: Classes,
  untouched: ParameterCounts,
  trainingSet: number,
): Promise<Answers> {
  const { params, input } = context;
  const engine = await stageEngine(context);
  const network = await openNetwork(engine, input('pretrain', 'network.safetensors'));
  const trained = JSON.parse(await readFile(input('train', 'train.json'), 'utf8')) as TrainRecord;
  const patch = await openPatch(
    engine,
    network,
    input('train', 'structure.json'),
    input('train', 'patch.safetensors'),
  );
  const threshold = flagged === 'always' ? -1 : trained.threshold; // scores are never below 0
  const decisionOf = async (file: string): Promise<GateDecision> => {
    const { data } = await readNpy<Float32Array>(input('gate', file));
    return decide(
      data,
      network.stages.length,
      threshold,
      params.stage === 'argmax' ? undefined : params.stage - 1,
    );
  };
  const noisyImages = await readNpy<Uint8Array>(input('corrupt', 'images.npy'));
  const cleanImages = await readNpy<Uint8Array>(input('dataset', 'test-images.npy'));
  const ofAll = await decisionOf('scores-noisy.npy');
  const ofNoisy = {
    flagged: Uint8Array.from(noisyRows, (n) => ofAll.flagged[n]!),
    stage: Uint8Array.from(noisyRows, (n) => ofAll.stage[n]!),
  };
  const ofClean = await decisionOf('scores-test.npy');
  const noisy = await repair(engine, network, patch, noisyImages, noisyRows, own.noisy, ofNoisy, context);
  const clean = await repair(
    engine,
    network,
    patch,
    cleanImages,
    [...own.clean.keys()],
    own.clean,
    ofClean,
    context,
  );

  const gateParameters = (
    JSON.parse(await readFile(input('gate', 'gate.json'), 'utf8')) as { parameters: number }
  ).parameters;
  const probes = await countArrays(input('probe', 'probes.safetensors'));
  const parameters = {
    ...untouched,
    probesAndGate: probes.parameters + gateParameters,
    patch: trained.parameters,
    buffers: probes.buffers + trained.buffers,
    trained: gateParameters + trained.parameters,
    transferred: probes.parameters + gateParameters + trained.parameters,
  };
  const samples = { failures: trained.failures, triggered: trained.triggered, trainingSet };
  return {
    noisy,
    clean,
    flaggedNoisy: ofNoisy.flagged,
    flaggedClean: ofClean.flagged,
    record: { parameters, samples },
  };
}

async function openPatch(
  engine: Engine,
  network: Network,
  structurePath: string,
  weightsPath: string,
): Promise<Patch> {
  const structure = parseStructure(await readFile(structurePath, 'utf8'), structurePath);
  const patch = buildPatch(engine, new Rng(0, 'overwritten'), network, structure);
  await loadModule(engine, weightsPath, patch);
  return patch;
}

/** The original's classes, with the patched network's answer where a sample is flagged. */
async function repair(
  engine: Engine,
  network: Network,
  patch: Patch,
  images: Images,
  rows: readonly number[],
  original: Uint8Array,
  decision: GateDecision,
  { emit, signal }: StageContext<Params>,
): Promise<Uint8Array> {
  const classes = original.slice();
  const flagged = rows.map((_, k) => k).filter((k) => decision.flagged[k] === 1);
  let done = 0;
  for (let stage = 0; stage < network.stages.length; stage++) {
    const members = flagged.filter((k) => decision.stage[k] === stage);
    for (const [from, to] of pieces(members.length, batch)) {
      signal.throwIfAborted();
      const piece = members.slice(from, to);
      const logits = engine.tf.tidy(() => {
        const { input, output } = aroundStage(
          engine,
          network,
          gather(
            images,
            piece.map((k) => rows[k]!),
          ),
          stage,
        );
        return patchedLogits(engine, network, patch, stage, input, output);
      });
      const answers = await predictedClasses(engine, logits);
      logits.dispose();
      piece.forEach((k, i) => (classes[k] = answers[i]!));
      done += piece.length;
      emit({ type: 'progress', done, total: flagged.length, unit: 'images' });
      await new Promise(setImmediate);
    }
  }
  return classes;
}

async function networkParameters(path: string): Promise<number> {
  return (await countArrays(path)).parameters;
}

/** Trained numbers of a weights file, and its running statistics. */
async function countArrays(path: string): Promise<{ parameters: number; buffers: number }> {
  let parameters = 0;
  let buffers = 0;
  for (const [name, { data }] of (await readSafetensors(path)).tensors) {
    if (/\.running_(mean|var)$/.test(name)) buffers += data.length;
    else parameters += data.length;
  }
  return { parameters, buffers };
}
