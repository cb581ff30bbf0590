import { readFile, writeFile } from 'node:fs/promises';

import type { Rng } from '../core/rng.js';
import type { Network } from '../networks/network.js';
import { saveModule } from '../nn/checkpoint.js';
import { defineStage, type StageContext } from '../pipeline/stage.js';
import { buildPatch, patchParameterCount } from '../repair/patch.js';
import { patchSteps, trainPatch } from '../repair/patch-training.js';
import type { SigmaSetting } from '../repair/sigma.js';
import { conv3Structure, parseStructure, sampleStructure, type PatchStructure } from '../repair/structure.js';
import { openNetwork } from './network-file.js';
import { patchSamples } from './patch-samples.js';
import { chosenStage } from './stage-choice.js';
import { stageEngine } from './stage-engine.js';

type Params = {
  readonly sigma: SigmaSetting;
  /** Stage to patch: the gate's choice, a fixed one (1 is the first), or what `stage-choice` chose. */
  readonly stage: 'argmax' | number | 'chosen';
  readonly epochs: number;
  readonly failureShare: number;
  /** Both orientations of every image; the only augmentation so far. */
  readonly augment: 'flip';
  /** The structure that the search chose; as controls a random one of like size, or 3 x 3 convolutions everywhere. */
  readonly structure: 'searched' | 'random' | 'conv3';
  /** The size of a structure that comes from no search. */
  readonly space?: { readonly nodes: number; readonly cells: number };
  /** What decides which samples of D_t trigger; left out, the gate. */
  readonly flagged?: 'confidence';
};

/** What `train.json` says. */
export interface TrainRecord {
  readonly sigma: SigmaSetting;
  /** Summed prediction above which a sample goes through the patch. */
  readonly threshold: number;
  /** Where confidence decides instead: the doubt (1 - max softmax) above which it does. */
  readonly doubtThreshold?: number;
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
    const { params, input, output, rng, emit, signal, runtime, checkpointDir } = context;
    const engine = await stageEngine(context);
    const network = await openNetwork(engine, input('pretrain', 'network.safetensors'));
    const structure = await structureOf(context, network);
    const { samples, threshold, doubtThreshold, failures, triggered } = await patchSamples(
      context,
      params.sigma,
      params.flagged ?? 'gate',
      network.stages.length,
      await fixedStageOf(context),
    );

    const patch = buildPatch(engine, rng.child('weights'), network, structure);
    const losses = await trainPatch(engine, network, patch, samples, rng.child('batches'), {
      epochs: params.epochs,
      ...patchSteps,
      failureShare: params.failureShare,
      memoryBytes: runtime.memoryBytes,
      scratchDir: checkpointDir,
      signal,
      onImages: (done, total) =>
        emit({ type: 'progress', done, total, unit: 'images', label: 'feature maps' }),
      onStep: (done, total) => emit({ type: 'progress', done, total, unit: 'steps' }),
    });
    const record: TrainRecord = {
      sigma: params.sigma,
      threshold,
      ...(doubtThreshold !== undefined && { doubtThreshold }),
      failures: failures.length,
      triggered,
      perStage: network.stages.map((_, i) =>
        samples.stage.reduce((sum, stage) => sum + (stage === i ? 1 : 0), 0),
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

/** The structure to train, of the search where it comes from there. */
async function structureOf(
  { params, input, rng }: StageContext<Params>,
  network: Network,
): Promise<PatchStructure> {
  if (params.structure === 'conv3') return conv3Structure(params.space!);
  const path = input('search', 'structure.json');
  const searched = parseStructure(await readFile(path, 'utf8'), path);
  return params.structure === 'searched' ? searched : randomLike(network, searched, rng.child('structure'));
}

/** Index of the one stage that all samples go to; undefined where the gate chooses. */
async function fixedStageOf(context: StageContext<Params>): Promise<number | undefined> {
  const { stage } = context.params;
  if (stage === 'chosen') return chosenStage(context);
  return stage === 'argmax' ? undefined : stage - 1;
}

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
