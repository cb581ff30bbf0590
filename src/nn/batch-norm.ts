import type { Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs';

import type { Engine } from '../engine/engine.js';
import { constant } from './initial.js';
import { parameter, type Layer } from './parameter.js';
import { squaresOf } from './squared-gradients.js';

/** PyTorch's defaults. */
export const batchNormEpsilon = 1e-5;
export const batchNormMomentum = 0.1;

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
  const parameters = [scale, shift];
  return {
    parameters,
    buffers: [runningMean, runningVariance],
    forward: (x, mode) => {
      if (!mode.training) {
        const [mean, variance] = [vector(runningMean), vector(runningVariance)];
        const y = kernels.batchNormInference(
          x,
          vector(scale),
          vector(shift),
          mean,
          variance,
          batchNormEpsilon,
        );
        return mode.squares
          ? mode.squares.watch(x, y, parameters, (input, dy) => {
              const normed = tf.mul(tf.sub(input, mean), tf.rsqrt(tf.add(variance, batchNormEpsilon)));
              const ofScale = tf.sum<Tensor2D>(tf.mul(dy, normed), [1, 2]);
              return tf.add(squaresOf(engine, ofScale), squaresOf(engine, tf.sum<Tensor2D>(dy, [1, 2])));
            })
          : y;
      }
      const { y, mean, variance } = kernels.batchNormTrain(x, vector(scale), vector(shift), batchNormEpsilon);
      tf.tidy(() => {
        runningMean.variable.assign(
          tf.add(tf.mul(runningMean.variable, 1 - batchNormMomentum), tf.mul(mean, batchNormMomentum)),
        );
        runningVariance.variable.assign(
          tf.add(
            tf.mul(runningVariance.variable, 1 - batchNormMomentum),
            tf.mul(variance, batchNormMomentum),
          ),
        );
      });
      return y;
    },
  };
}
