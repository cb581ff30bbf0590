import type { Tensor1D, Tensor4D } from '@tensorflow/tfjs';

import type { Engine } from '../engine/engine.js';
import { batchNormEpsilon } from '../nn/batch-norm.js';
import { constant } from '../nn/initial.js';
import { parameter, type Module, type Parameter } from '../nn/parameter.js';

/**
 * norm(x) of Eq. 11, without scale or shift. A cell has many places where it norms; `site` names the place.
 */
export interface Norm {
  apply(site: string, x: Tensor4D): Tensor4D;
}

/** Statistics of this batch, as the hyper-patch uses them at all times. */
export function batchStatistics(engine: Engine, channels: number): Norm & { dispose(): void } {
  const { tf, kernels } = engine;
  const ones = tf.keep(tf.ones([channels]) as Tensor1D);
  const zeros = tf.keep(tf.zeros([channels]) as Tensor1D);
  return {
    apply: (_site, x) => kernels.batchNormTrain(x, ones, zeros, batchNormEpsilon).y,
    dispose: () => tf.dispose([ones, zeros]),
  };
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
  const ones = tf.keep(tf.ones([channels]) as Tensor1D);
  const zeros = tf.keep(tf.zeros([channels]) as Tensor1D);
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
  const vector = (p: Parameter) => p.variable as unknown as Tensor1D;
  const find = (stage: number, site: string): Site => table.get(`${stage}/${site}`)!;
  return {
    parameters: [],
    buffers: [...table.values()].flatMap(({ mean, variance }) => [mean, variance]),
    training: (stage) => ({
      apply: (name, x) => {
        const site = find(stage, name);
        const { y, mean, variance } = kernels.batchNormTrain(x, ones, zeros, batchNormEpsilon);
        site.updates++;
        const weight = Math.max(0.1, 1 / site.updates);
        tf.tidy(() => {
          for (const [kept, now] of [
            [site.mean, mean],
            [site.variance, variance],
          ] as const) {
            kept.variable.assign(tf.add(tf.mul(kept.variable, 1 - weight), tf.mul(now, weight)));
          }
        });
        return y;
      },
    }),
    inference: (stage) => ({
      apply: (name, x) => {
        const { mean, variance } = find(stage, name);
        return kernels.batchNormInference(x, ones, zeros, vector(mean), vector(variance), batchNormEpsilon);
      },
    }),
  };
}
