import type { Rank, Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs';

import type { Engine } from '../engine/engine.js';
import { batchNormEpsilon } from '../nn/batch-norm.js';
import { constant } from '../nn/initial.js';
import { parameter, type Module, type Parameter } from '../nn/parameter.js';

/**
 * norm(x) of Eq. 11, without scale or shift. A cell has many places where it norms; maps of several sites lie side by
 * side in the channels and are normed in one call.
 */
export interface Norm {
  /** @param x [n, h, w, sites x c] */
  apply(sites: readonly string[], x: Tensor4D): Tensor4D;
}

/** Statistics of this batch, as the hyper-patch uses them at all times. */
export function batchStatistics(engine: Engine): Norm {
  return { apply: (_sites, x) => normByBatch(engine, x).y };
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
  const join = (arrays: readonly Parameter[]): Tensor1D =>
    tf.concat(arrays.map(({ variable }) => variable as Tensor)) as Tensor1D;
  return {
    parameters: [],
    buffers: [...table.values()].flatMap(({ mean, variance }) => [mean, variance]),
    training: (stage) => ({
      apply: (names, x) => {
        const { y, mean, variance } = normByBatch(engine, x);
        tf.tidy(() => {
          const means = tf.split<Tensor1D>(mean, names.length);
          const variances = tf.split<Tensor1D>(variance, names.length);
          for (const [k, site] of find(stage, names).entries()) {
            site.updates++;
            const weight = Math.max(0.1, 1 / site.updates);
            blend(engine, site.mean, means[k]!, weight);
            blend(engine, site.variance, variances[k]!, weight);
          }
        });
        return y;
      },
    }),
    inference: (stage) => ({
      apply: (names, x) => {
        const found = find(stage, names);
        const mean = join(found.map((site) => site.mean));
        const variance = join(found.map((site) => site.variance));
        const [ones, zeros] = [tf.onesLike(mean), tf.zerosLike(mean)];
        return kernels.batchNormInference(x, ones, zeros, mean, variance, batchNormEpsilon);
      },
    }),
  };
}

function blend({ tf }: Engine, kept: Parameter, now: Tensor1D, weight: number): void {
  kept.variable.assign(tf.add(tf.mul(kept.variable, 1 - weight), tf.mul(now, weight)));
}
