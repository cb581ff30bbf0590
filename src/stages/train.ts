import { readFile, writeFile } from 'node:fs/promises';

import { readNpy } from '../core/npy.js';
import type { Rng } from '../core/rng.js';
import type { Network } from '../networks/network.js';
import { gather, type Images } from '../nn/batch.js';
import { saveModule } from '../nn/checkpoint.js';
import { defineStage } from '../pipeline/stage.js';
import { decide, summedScores } from '../repair/gate.js';
import { buildPatch, patchParameterCount } from '../repair/patch.js';
import { trainPatch } from '../repair/patch-training.js';
import { resolveSigma, type SigmaSetting } from '../repair/sigma.js';
import { parseStructure, sampleStructure, type PatchStructure } from '../repair/structure.js';
import { openNetwork } from './network-file.js';
import { stageEngine } from './stage-engine.js';

type Params = {
  readonly sigma: SigmaSetting;
  /** Stage to patch: the gate's choice, or a fixed one (1 is the first). */
  readonly stage: 'argmax' | number;
  readonly epochs: number;
  readonly failureShare: number;
  /** Both orientations of every image; the only augmentation so far. */
  readonly augment: 'flip';
  /** The structure that the search chose, or a random one of like size as a control. */
  readonly structure: 'searched' | 'random';
};

const batch = 64;
const learningRate = 1e-3;

/** What `train.json` says. */
export interface TrainRecord {
  readonly sigma: SigmaSetting;
  /** Summed prediction above which a sample goes through the patch. */
  readonly threshold: number;
  readonly failures: number;
  /** Samples of D_t that trigger the gate. */
  readonly triggered: number;
  /** Training samples of each stage. */
  readonly perStage: readonly number[];
  readonly parameters: number;
  readonly buffers: number;
  readonly losses: readonly number[];
}

/** Resolves sigma and trains the patch on D_e and the samples of D_t that trigger the gate. */
export const train = defineStage<Params>({
  name: 'train',
  summary: 'sigma, and the patch trained on D_e and the triggered samples of D_t',
  version: 2,
  outputs: ['patch.safetensors', 'structure.json', 'train.json'],
  engine: true,
  random: true,
  run: async (context) => {
    const { params, input, output, rng, emit, signal, runtime } = context;
    const engine = await stageEngine(context);
    const network = await openNetwork(engine, input('pretrain', 'network.safetensors'));
    const path = input('search', 'structure.json');
    const searched = parseStructure(await readFile(path, 'utf8'), path);
    const structure =
      params.structure === 'searched' ? searched : randomLike(network, searched, rng.child('structure'));

    const stages = network.stages.length;
    const fixed = params.stage === 'argmax' ? undefined : params.stage - 1;
    const samples = (await readNpy<Uint32Array>(input('localize', 'samples.npy'))).data;
    const failures = (await readNpy<Uint32Array>(input('split', 'failures.npy'))).data;
    const trainScores = (await readNpy<Float32Array>(input('gate', 'scores-train.npy'))).data;
    const noisyScores = (await readNpy<Float32Array>(input('gate', 'scores-noisy.npy'))).data;

    const learned = new Set(samples.subarray(failures.length));
    const heldOut = summedScores(trainScores, stages).filter((_, n) => !learned.has(n));
    const threshold = resolveSigma(params.sigma, heldOut);
    const ofTrain = decide(trainScores, stages, threshold, fixed);
    const ofNoisy = decide(noisyScores, stages, threshold, fixed);
    const triggered = Array.from(ofTrain.flagged.keys()).filter((n) => ofTrain.flagged[n] === 1);

    const noisyImages = await readNpy<Uint8Array>(input('corrupt', 'images.npy'));
    const noisyLabels = (await readNpy<Uint8Array>(input('corrupt', 'label.npy'))).data;
    const trainImages = await readNpy<Uint8Array>(input('dataset', 'train-images.npy'));
    const trainLabels = (await readNpy<Uint8Array>(input('dataset', 'train-labels.npy'))).data;
    const patchSamples = {
      images: join(gather(noisyImages, failures), gather(trainImages, triggered)),
      labels: Uint8Array.from([
        ...Array.from(failures, (n) => noisyLabels[n]!),
        ...triggered.map((n) => trainLabels[n]!),
      ]),
      stage: Uint8Array.from([
        ...Array.from(failures, (n) => ofNoisy.stage[n]!),
        ...triggered.map((n) => ofTrain.stage[n]!),
      ]),
      isFailure: Uint8Array.from({ length: failures.length + triggered.length }, (_, k) =>
        k < failures.length ? 1 : 0,
      ),
    };

    const patch = buildPatch(engine, rng.child('weights'), network, structure);
    const losses = await trainPatch(engine, network, patch, patchSamples, rng.child('batches'), {
      epochs: params.epochs,
      batch,
      learningRate,
      failureShare: params.failureShare,
      memoryBytes: runtime.memoryBytes,
      signal,
      onStep: (done, total) => emit({ type: 'progress', done, total, unit: 'steps' }),
    });
    const record: TrainRecord = {
      sigma: params.sigma,
      threshold,
      failures: failures.length,
      triggered: triggered.length,
      perStage: network.stages.map((_, i) =>
        patchSamples.stage.reduce((sum, stage) => sum + (stage === i ? 1 : 0), 0),
      ),
      parameters: patch.parameterCount,
      buffers: patch.bufferCount,
      losses,
    };
    await saveModule(engine, output('patch.safetensors'), patch);
    await writeFile(output('structure.json'), `${JSON.stringify(structure)}\n`);
    await writeFile(output('train.json'), `${JSON.stringify(record, undefined, 1)}\n`);
  },
});

/** Of 64 random structures, other than the searched one, the one whose patch is nearest to it in size. */
function randomLike(network: Network, searched: PatchStructure, rng: Rng): PatchStructure {
  const space = { nodes: searched.nodes, cells: searched.cells.length, opsPerEdge: 'bernoulli' as const };
  const size = patchParameterCount(network, searched);
  const distance = (structure: PatchStructure): number =>
    Math.abs(patchParameterCount(network, structure) - size);
  const drawn = Array.from({ length: 64 }, (_, k) => sampleStructure(rng.child(k), space));
  const others = drawn.filter((structure) => JSON.stringify(structure) !== JSON.stringify(searched));
  return others.reduce((best, structure) => (distance(structure) < distance(best) ? structure : best));
}

function join(a: Images, b: Images): Images {
  const data = new Uint8Array(a.data.length + b.data.length);
  data.set(a.data);
  data.set(b.data, a.data.length);
  return { shape: [a.shape[0]! + b.shape[0]!, ...a.shape.slice(1)], data };
}
