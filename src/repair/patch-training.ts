import { statfs } from 'node:fs/promises';

import type { Scalar } from '@tensorflow/tfjs';

import type { Rng } from '../core/rng.js';
import type { Engine } from '../engine/engine.js';
import { withoutGradient } from '../engine/loss-gradients.js';
import type { Network } from '../networks/network.js';
import { flipHorizontally } from '../nn/augment.js';
import { gather, labelTensor, type Images } from '../nn/batch.js';
import { adam } from '../nn/optimizer.js';
import { cosine } from '../nn/schedule.js';
import { trainSteps } from '../nn/train-loop.js';
import { cycle } from '../nn/cycle.js';
import { frozenMaps, type FrozenMaps } from './frozen-maps.js';
import { patchedLogits, type Patch } from './patch.js';

/** Labelled images, each with the stage that the gate sends it to. */
export interface PatchSamples {
  readonly images: Images;
  readonly labels: Uint8Array;
  readonly stage: Uint8Array;
  /** 1 for a sample of D_e, 0 for a triggered sample of D_t. */
  readonly isFailure: Uint8Array;
}

/** How patches are trained (Adam). */
export const patchSteps = { batch: 64, learningRate: 1e-3 } as const;

export interface PatchTraining {
  readonly epochs: number;
  readonly batch: number;
  readonly learningRate: number;
  /** Share of each batch that is drawn from D_e, where the stage has samples of both kinds. */
  readonly failureShare: number;
  /** Bytes that kept feature maps may take in memory. */
  readonly memoryBytes: number;
  /** A folder for those beyond it, in files without names; they take half of its free space at the most. */
  readonly scratchDir: string;
  readonly signal: AbortSignal;
  /** How many images have been passed through the network, where their maps are kept. */
  readonly onImages?: (done: number, total: number) => void;
  readonly onStep: (done: number, total: number) => void;
}

/**
 * Trains body, in- and align convolutions by the cross entropy of the network's answer; the network is frozen. Each
 * batch is of one stage, since the patch's norms keep statistics for each stage; stages come in proportion to their
 * samples. Images come as they are or mirrored.
 * @returns mean loss of each epoch
 */
export async function trainPatch(
  engine: Engine,
  network: Network,
  patch: Patch,
  samples: PatchSamples,
  rng: Rng,
  options: PatchTraining,
): Promise<number[]> {
  const { batch, epochs, onStep } = options;
  const groups = network.stages.map((_, i) => stageGroup(samples, i, rng.child(`stage${i + 1}`)));
  const maps = await mapsOf(engine, network, samples, groups, options);
  const perEpoch = Math.max(
    groups.filter((group) => group.members.length > 0).length,
    Math.ceil(samples.labels.length / batch),
  );
  const total = perEpoch * epochs;
  const optimizer = adam(engine, patch.parameters);
  const losses: number[] = [];
  try {
    for (let epoch = 0; epoch < epochs; epoch++) {
      const order = stageOrder(groups, perEpoch, rng.child(`order/${epoch}`));
      losses.push(
        await trainSteps({
          engine,
          parameters: patch.parameters,
          optimizer,
          schedule: cosine(options.learningRate, total),
          from: epoch * perEpoch,
          to: (epoch + 1) * perEpoch,
          signal: options.signal,
          loss: (step) =>
            batchLoss(
              engine,
              network,
              patch,
              maps,
              groups,
              order[step - epoch * perEpoch]!,
              rng.child(`flip/${step}`),
              options,
            ),
          onStep: (step) => onStep(step + 1, total),
        }),
      );
    }
  } finally {
    optimizer.dispose();
    maps.close();
  }
  return losses;
}

/** The frozen network's maps for the images of each group, as they are and then mirrored. */
async function mapsOf(
  engine: Engine,
  network: Network,
  samples: PatchSamples,
  groups: readonly StageGroup[],
  { memoryBytes, scratchDir, signal, onImages = () => undefined }: PatchTraining,
): Promise<FrozenMaps> {
  const images = groups.map((group) => bothWays(gather(samples.images, group.members)));
  const { bavail, bsize } = await statfs(scratchDir);
  const diskBytes = (bavail * bsize) / 2;
  return frozenMaps(engine, network, images, {
    memoryBytes,
    folder: scratchDir,
    diskBytes,
    signal,
    onImages,
  });
}

interface StageGroup {
  /** Indices into the samples. */
  readonly members: readonly number[];
  readonly drawFailures: (size: number) => number[];
  readonly drawNormals: (size: number) => number[];
  readonly hasFailures: boolean;
  readonly hasNormals: boolean;
  readonly labels: Uint8Array;
}

function stageGroup({ stage, isFailure, labels }: PatchSamples, index: number, rng: Rng): StageGroup {
  const members = Array.from(stage.keys()).filter((n) => stage[n] === index);
  const failures = members.flatMap((n, k) => (isFailure[n] === 1 ? [k] : []));
  const normals = members.flatMap((n, k) => (isFailure[n] === 0 ? [k] : []));
  const from = (list: readonly number[], stream: Rng) => {
    const draw = cycle(stream, list.length);
    return (size: number) => draw(size).map((k) => list[k]!);
  };
  return {
    members,
    drawFailures: from(failures, rng.child('failures')),
    drawNormals: from(normals, rng.child('normals')),
    hasFailures: failures.length > 0,
    hasNormals: normals.length > 0,
    labels: Uint8Array.from(members, (n) => labels[n]!),
  };
}

/** Which stage each step of an epoch trains: in proportion to the samples, every stage that has some at least once. */
function stageOrder(groups: readonly StageGroup[], steps: number, rng: Rng): number[] {
  const total = groups.reduce((sum, group) => sum + group.members.length, 0);
  const counts = groups.map((group) =>
    group.members.length === 0 ? 0 : Math.max(1, Math.floor((steps * group.members.length) / total)),
  );
  const byNeed = (a: number, b: number): number =>
    groups[b]!.members.length / (counts[b]! + 1) - groups[a]!.members.length / (counts[a]! + 1);
  const used = groups.map((_, i) => i).filter((i) => counts[i]! > 0);
  while (counts.reduce((a, b) => a + b, 0) < steps) counts[[...used].sort(byNeed)[0]!]!++;
  const order = counts.flatMap((count, i) => Array<number>(count).fill(i)).slice(0, steps);
  return Array.from(rng.permutation(order.length), (k) => order[k]!);
}

function batchLoss(
  engine: Engine,
  network: Network,
  patch: Patch,
  maps: FrozenMaps,
  groups: readonly StageGroup[],
  stage: number,
  rng: Rng,
  { batch, failureShare }: PatchTraining,
): Scalar {
  const group = groups[stage]!;
  const failures = !group.hasNormals
    ? batch
    : group.hasFailures
      ? Math.max(1, Math.round(batch * failureShare))
      : 0;
  const members = [
    ...(failures > 0 ? group.drawFailures(failures) : []),
    ...(failures < batch ? group.drawNormals(batch - failures) : []),
  ];
  const mirrored = members.map(() => rng.bernoulli(0.5));
  const { input, output } = withoutGradient(engine.tf, () =>
    maps.take(stage, placesOf(members, mirrored, group)),
  );
  const logits = patchedLogits(engine, network, patch, stage, input, output, true);
  return engine.kernels.meanCrossEntropy(
    logits,
    labelTensor(
      engine,
      members.map((k) => group.labels[k]!),
    ),
  );
}

/** The images, then their mirror images. */
function bothWays(images: Images): Images {
  const data = new Uint8Array(images.data.length * 2);
  data.set(images.data);
  data.set(flipHorizontally(images).data, images.data.length);
  return { shape: [images.shape[0]! * 2, ...images.shape.slice(1)], data };
}

function placesOf(members: readonly number[], mirrored: readonly boolean[], group: StageGroup): number[] {
  return members.map((k, i) => (mirrored[i] ? k + group.members.length : k));
}
