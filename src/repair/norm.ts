import type { Rank, Tensor, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs';

import type { Engine } from '../engine/engine.js';
import { batchNormEpsilon } from '../nn/batch-norm.js';
import { derived } from '../nn/derived.js';
import { constant } from '../nn/initial.js';
import { parameter, type Module, type Parameter } from '../nn/parameter.js';

/**
 * norm(x) of Eqs. 11 and 12, without scale or shift. A cell has many places where it norms; maps of several sites lie
 * side by side in the channels and are normed in one call. Channels behind those of the sites are 0 and stay 0.
 */
export interface Norm {
  /** @param x [n, h, w, sites x c and more] */
  apply(sites: readonly string[], x: Tensor4D): Tensor4D;
  /**
   * The normed sums of normed outputs: all edges that leave a node.
   * @param x the outputs, [n, h, w, outputs x c and more]
   * @param selection the 1x1 filter of zeros and ones that adds up the outputs of each edge; none where the one edge
   *   has the one output
   * @returns [n, h, w, edges x c and more]
   */
  edges(outputs: readonly string[], edges: readonly string[], x: Tensor4D, selection?: Tensor4D): Tensor4D;
}

/** Statistics of this batch, as the hyper-patch uses them at all times. */
export function batchStatistics(engine: Engine): Norm {
  return stepByStep(engine, (_sites, x) => normByBatch(engine, x).y);
}

function stepByStep({ kernels }: Engine, apply: Norm['apply']): Norm {
  return {
    apply,
    edges: (outputs, edges, x, selection) => {
      const normed = apply(outputs, x);
      return apply(edges, selection ? kernels.mixChannels(normed, selection) : normed);
    },
  };
}

function normByBatch({ tf, kernels }: Engine, x: Tensor4D): ReturnType<Engine['kernels']['batchNormTrain']> {
  const channels = x.shape[3];
  return kernels.batchNormTrain(
    x,
    tf.ones<Rank.R1>([channels]),
    tf.zeros<Rank.R1>([channels]),
    batchNormEpsilon,
  );
}

/**
 * Running statistics, kept apart for every stage of the network: stages feed the patch different maps, and at run time
 * samples come one by one. The first ten updates are a plain mean, later ones weigh 1/10 as in PyTorch.
 */
export interface RunningStatistics extends Module {
  training(stage: number): Norm;
  inference(stage: number): Norm;
}

interface Site {
  readonly mean: Parameter;
  readonly variance: Parameter;
  updates: number;
}

export function runningStatistics(
  engine: Engine,
  sites: readonly string[],
  stages: number,
  channels: number,
): RunningStatistics {
  const { tf, kernels } = engine;
  const table = new Map<string, Site>();
  for (let stage = 0; stage < stages; stage++) {
    for (const site of sites) {
      const name = `stage${stage + 1}.${site}`;
      const make = (suffix: string, value: number) =>
        parameter(tf, `${name}.${suffix}`, 'as-is', [channels], constant([channels], value));
      table.set(`${stage}/${site}`, {
        mean: make('running_mean', 0),
        variance: make('running_var', 1),
        updates: 0,
      });
    }
  }
  const find = (stage: number, names: readonly string[]): Site[] =>
    names.map((name) => table.get(`${stage}/${name}`)!);
  const variablesOf = (stage: number, names: readonly string[]): Tensor[] =>
    find(stage, names).flatMap(({ mean, variance }) => [mean.variable, variance.variable]);
  /** Mean and 1 / sqrt(variance + epsilon) of the sites side by side, 0 and 1 for channels behind them. */
  const joined = (
    stage: number,
    names: readonly string[],
    width: number,
  ): { mean: Tensor1D; scale: Tensor1D } => {
    const found = find(stage, names);
    const rest = width - names.length * channels;
    const join = (pick: (site: Site) => Parameter, other: number): Tensor1D =>
      tf.concat<Tensor1D>([
        ...found.map((site) => pick(site).variable as Tensor as Tensor1D),
        tf.fill<Rank.R1>([rest], other),
      ]);
    const variance = join((site) => site.variance, 1);
    return { mean: join((site) => site.mean, 0), scale: tf.rsqrt(tf.add(variance, batchNormEpsilon)) };
  };
  /** Both norms of edges are linear at inference and go into the filter between them. */
  const bothNorms = (
    stage: number,
    outputs: readonly string[],
    edges: readonly string[],
    width: number,
    selection: Tensor | undefined,
  ): { filter: Tensor4D; shift: Tensor1D } => {
    const first = joined(stage, outputs, width);
    const filter: Tensor2D = selection ? tf.reshape(selection, [width, selection.shape[3]!]) : tf.eye(width);
    const second = joined(stage, edges, filter.shape[1]);
    const scaled = tf.mul<Tensor2D>(tf.mul(filter, tf.reshape(first.scale, [width, 1])), second.scale);
    const shift = tf.add(
      tf.matMul<Tensor2D>(tf.reshape(first.mean, [1, width]), scaled),
      tf.mul(second.mean, second.scale),
    );
    return { filter: tf.reshape(scaled, [1, 1, ...filter.shape]), shift: tf.reshape(shift, [-1]) };
  };
  const folded = new Map<string, (from: readonly Tensor[]) => ReturnType<typeof bothNorms>>();
  return {
    parameters: [],
    buffers: [...table.values()].flatMap(({ mean, variance }) => [mean, variance]),
    training: (stage) =>
      stepByStep(engine, (names, x) => {
        const { y, mean, variance } = normByBatch(engine, x);
        const found = find(stage, names);
        for (const site of found) site.updates++;
        const weights = found.flatMap(({ updates }) =>
          Array<number>(channels).fill(Math.max(0.1, 1 / updates)),
        );
        tf.tidy(() => {
          blend(
            engine,
            found.map((site) => site.mean),
            mean,
            weights,
          );
          blend(
            engine,
            found.map((site) => site.variance),
            variance,
            weights,
          );
        });
        return y;
      }),
    inference: (stage) => ({
      apply: (names, x) => {
        const { mean, scale } = joined(stage, names, x.shape[3]);
        return tf.mul<Tensor4D>(tf.sub(x, mean), scale);
      },
      edges: (outputs, edges, x, selection) => {
        const key = [stage, ...outputs, ...edges].join();
        const made =
          folded.get(key) ??
          derived(engine, (from) => bothNorms(stage, outputs, edges, x.shape[3], selection && from[0]));
        folded.set(key, made);
        const { filter, shift } = made([
          ...(selection ? [selection] : []),
          ...variablesOf(stage, [...outputs, ...edges]),
        ]);
        return tf.sub<Tensor4D>(kernels.conv2d(x, filter, 1, 0), shift);
      },
    }),
  };
}

/** Several sites at once: a step of training norms at dozens of places, and each operation has its price. */
function blend({ tf }: Engine, kept: readonly Parameter[], now: Tensor1D, weights: number[]): void {
  const before = tf.concat<Tensor1D>(kept.map(({ variable }) => variable as Tensor as Tensor1D));
  const after = tf.add(
    tf.mul(before, tf.tensor1d(weights.map((weight) => 1 - weight))),
    tf.mul(tf.slice(now, 0, weights.length), tf.tensor1d(weights)),
  );
  for (const [k, piece] of tf.split(after, kept.length).entries()) kept[k]!.variable.assign(piece);
}
