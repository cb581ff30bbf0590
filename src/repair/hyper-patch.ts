import type { Scalar, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs';

import type { Rng } from '../core/rng.js';
import type { Engine } from '../engine/engine.js';
import type { Network } from '../networks/network.js';
import { conv } from '../nn/conv.js';
import { dense } from '../nn/dense.js';
import { heFanIn } from '../nn/initial.js';
import { inference, joinModules, type Module } from '../nn/parameter.js';
import { buildBody, type BodyPass } from './body.js';
import { batchStatistics } from './norm.js';
import { OPERATIONS, type PatchStructure } from './structure.js';

/** Labels of one batch: a class for each image, or for each of `positions` (y * width + x inside its image). */
export interface TaskLabels {
  readonly labels: Tensor1D;
  readonly positions?: Int32Array;
}

/**
 * All sub-patches at once, with a classifier for one self-supervised task (Eqs. 13 and 14): every stage's input goes
 * through a 1x1 convolution of its own, the shared body and a classifier of its own; the logits of all stages add up.
 */
export interface HyperPatch extends Module {
  /**
   * @param inputs the inputs of all stages for one batch, [n, h_i, w_i, c_i]
   * @returns [labels, classes]
   */
  logits(inputs: readonly Tensor4D[], active: PatchStructure, target: TaskLabels): Tensor2D;
  loss(inputs: readonly Tensor4D[], active: PatchStructure, target: TaskLabels): Scalar;
  dispose(): void;
}

export interface HyperPatchOptions {
  readonly nodes: number;
  readonly cells: number;
  readonly classes: number;
  /** Whether a training step keeps one cell's maps at a time and makes them twice. */
  readonly savesMemory?: boolean;
}

/** From this size on, a step makes its maps twice. A constant, whatever the machine has: it moves the last digits. */
const manyBytes = 2e9;

/** Whether a step with so many images had better save memory: by the outputs of all operations in all stages. */
export function needsMuchMemory(
  network: Network,
  options: Pick<HyperPatchOptions, 'nodes' | 'cells'>,
  batch: number,
): boolean {
  const pixels = network.stages.reduce((sum, { inputShape }) => sum + inputShape[0] * inputShape[1], 0);
  const operations = everyOperation(options).cells.flat().length * OPERATIONS.length;
  const values = batch * pixels * network.patchChannels * operations;
  return values * Float32Array.BYTES_PER_ELEMENT > manyBytes;
}

export function buildHyperPatch(
  engine: Engine,
  rng: Rng,
  network: Network,
  options: HyperPatchOptions,
): HyperPatch {
  const { tf, kernels } = engine;
  const channels = network.patchChannels;
  const body = buildBody(engine, rng, everyOperation(options), channels);
  const inputs = network.stages.map((stage, i) =>
    conv(engine, rng, {
      name: `in${i + 1}`,
      size: 1,
      input: stage.inputShape[2],
      output: channels,
      pad: 0,
      bias: false,
      initial: heFanIn,
    }),
  );
  const classifiers = network.stages.map((_, i) =>
    dense(engine, rng, `classifier${i + 1}`, body.outputChannels, options.classes),
  );
  const norm = batchStatistics(engine);
  const [height, width] = network.inputShape;

  const ofStage = (i: number, map: Tensor4D, pass: BodyPass, { positions }: TaskLabels): Tensor2D => {
    const features = pass(inputs[i]!.forward(map, inference), norm);
    const rows = positions
      ? sampleAt(engine, features, positions, height, width)
      : kernels.globalAvgPool(features);
    return classifiers[i]!.forward(rows, inference);
  };
  const summed = (maps: readonly Tensor4D[], pass: BodyPass, target: TaskLabels): Tensor2D =>
    kernels.sum(maps.map((map, i) => tf.tidy(() => ofStage(i, map, pass, target))));
  const module = joinModules([body, ...inputs, ...classifiers]);
  return {
    ...module,
    logits: (maps, active, target) => summed(maps, body.select(active), target),
    loss: (maps, active, target) => {
      const pass = options.savesMemory ? body.selectMadeTwice(active) : body.select(active);
      return kernels.meanCrossEntropy(summed(maps, pass, target), target.labels);
    },
    dispose: () => {
      for (const { variable } of module.parameters) variable.dispose();
    },
  };
}

/**
 * Features at given pixels of the image: maps are brought to the image's size first (bilinear, corners aligned), which
 * commutes with the classifier that follows.
 * @returns [positions, channels]
 */
function sampleAt(
  engine: Engine,
  map: Tensor4D,
  positions: Int32Array,
  height: number,
  width: number,
): Tensor2D {
  const { tf } = engine;
  const [n, h, w, channels] = map.shape;
  const full = h === height && w === width ? map : tf.image.resizeBilinear(map, [height, width], true);
  const perImage = positions.length / n;
  const rows = positions.map((position, k) => Math.floor(k / perImage) * height * width + position);
  return tf.gather<Tensor2D>(tf.reshape(full, [n * height * width, channels]), tf.tensor1d(rows, 'int32'));
}

/** The structure that has all operations on every edge. */
function everyOperation({ nodes, cells }: Pick<HyperPatchOptions, 'nodes' | 'cells'>): PatchStructure {
  const pairs = Array.from({ length: nodes - 1 }, (_, k) => k + 2).flatMap((to) =>
    Array.from({ length: to - 1 }, (_, k) => ({ from: k + 1, to })),
  );
  const cell = pairs.map(({ from, to }) => ({ from, to, operations: OPERATIONS }));
  return { nodes, cells: Array.from({ length: cells }, () => cell) };
}

/**
 * Chance of each operation to stay in a step (path dropout of Bender et al. 2018): falls linearly from 1 to 1/|O|, so
 * that training ends in the distribution which candidates are drawn from.
 */
export function keepProbability(step: number, steps: number): number {
  const final = 1 / OPERATIONS.length;
  return 1 - (1 - final) * (steps <= 1 ? 1 : step / (steps - 1));
}
