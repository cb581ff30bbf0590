import type { Tensor1D, Tensor4D } from '@tensorflow/tfjs';

import type { Rng } from '../core/rng.js';
import type { Engine } from '../engine/engine.js';
import { batchNorm, batchNormEpsilon } from './batch-norm.js';
import { conv, convolution, type ConvOptions } from './conv.js';
import { joinModules, type Layer } from './parameter.js';

/**
 * A convolution and the batch norm behind it. With running statistics the norm is linear and goes into the filter: at
 * inference there is one convolution and no pass for the norm. Gradients flow through the product as through the two;
 * each sample's own are taken from the two.
 * @param norm the norm's name
 */
export function convNorm(engine: Engine, rng: Rng, options: ConvOptions, norm: string): Layer<Tensor4D> {
  const { tf } = engine;
  const convolved = conv(engine, rng, options);
  const normed = batchNorm(engine, norm, options.output);
  const convolve = convolution(engine, options);
  const [filter, bias] = convolved.parameters.map(({ variable }) => variable);
  const [scale, shift, mean, variance] = [...normed.parameters, ...normed.buffers].map(
    ({ variable }) => variable as unknown as Tensor1D,
  );
  return {
    ...joinModules([convolved, normed]),
    forward: (x, mode) => {
      if (mode.training || mode.squares || mode.behindConv)
        return normed.forward(convolved.forward(x, mode), mode);
      const factor = tf.mul<Tensor1D>(scale!, tf.rsqrt(tf.add(variance!, batchNormEpsilon)));
      const center = bias ? tf.sub<Tensor1D>(mean!, bias) : mean!;
      // The output channel is the filter's last axis, of a depthwise one the last but one.
      const folded = tf.mul<Tensor4D>(filter!, options.depthwise ? tf.reshape(factor, [-1, 1]) : factor);
      return engine.kernels.addBias(convolve(x, folded), tf.sub(shift!, tf.mul(center, factor)));
    },
  };
}
