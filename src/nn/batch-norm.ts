import type { Tensor1D, Tensor4D } from '@tensorflow/tfjs';

import type { Engine } from '../engine/engine.js';
import { constant } from './initial.js';
import { parameter, type Layer } from './parameter.js';

/** PyTorch's defaults. */
export const batchNormEpsilon = 1e-5;
const momentum = 0.1;

/** Batch norm as PyTorch's BatchNorm2d: running variance unbiased, running <- 0.9 running + 0.1 batch. */
export function batchNorm(engine: Engine, name: string, channels: number): Layer<Tensor4D> {
  const { tf, kernels } = engine;
  const make = (suffix: string, value: number) =>
    parameter(tf, `${name}.${suffix}`, 'as-is', [channels], constant([channels], value));
  const scale = make('weight', 1);
  const shift = make('bias', 0);
  const runningMean = make('running_mean', 0);
  const runningVariance = make('running_var', 1);
  const vector = (p: typeof scale) => p.variable as unknown as Tensor1D;
  return {
    parameters: [scale, shift],
    buffers: [runningMean, runningVariance],
    forward: (x, mode) => {
      if (!mode.training) {
        return kernels.batchNormInference(
          x,
          vector(scale),
          vector(shift),
          vector(runningMean),
          vector(runningVariance),
          batchNormEpsilon,
        );
      }
      const { y, mean, variance } = kernels.batchNormTrain(x, vector(scale), vector(shift), batchNormEpsilon);
      tf.tidy(() => {
        runningMean.variable.assign(
          tf.add(tf.mul(runningMean.variable, 1 - momentum), tf.mul(mean, momentum)),
        );
        runningVariance.variable.assign(
          tf.add(tf.mul(runningVariance.variable, 1 - momentum), tf.mul(variance, momentum)),
        );
      });
      return y;
    },
  };
}
