import type { Tensor1D, Tensor4D } from '@tensorflow/tfjs';

import type { Rng } from '../core/rng.js';
import type { Engine } from '../engine/engine.js';
import { batchNorm, batchNormEpsilon } from './batch-norm.js';
import { conv, type ConvOptions } from './conv.js';
import { joinModules, type Layer } from './parameter.js';

/**
 * A convolution and the batch norm behind it. With running statistics the norm is linear and goes into the filter: at
 * inference there is one convolution and no pass for the norm. Gradients flow through the product as through the two.
 * @param norm the norm's name
 */
export function convNorm(engine: Engine, rng: Rng, options: ConvOptions, norm: string): Layer<Tensor4D> {
  const { tf, kernels } = engine;
  const { stride = 1, pad, output } = options;
  const convolution = conv(engine, rng, options);
  const normed = batchNorm(engine, norm, output);
  const [filter, bias] = convolution.parameters.map(({ variable }) => variable);
  const [scale, shift, mean, variance] = [...normed.parameters, ...normed.buffers].map(
    ({ variable }) => variable as unknown as Tensor1D,
  );
  return {
    ...joinModules([convolution, normed]),
    forward: (x, mode) => {
      if (mode.training) return normed.forward(convolution.forward(x, mode), mode);
      const factor = tf.mul<Tensor1D>(scale!, tf.rsqrt(tf.add(variance!, batchNormEpsilon)));
      const center = bias ? tf.sub<Tensor1D>(mean!, bias) : mean!;
      const folded = tf.mul<Tensor4D>(filter!, factor); // the filter's last axis is the output channel
      return tf.add<Tensor4D>(kernels.conv2d(x, folded, stride, pad), tf.sub(shift!, tf.mul(center, factor)));
    },
  };
}
