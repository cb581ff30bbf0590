import type { Tensor, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs';

import type { Rng } from '../core/rng.js';
import type { Engine } from '../engine/engine.js';
import { batchNorm, batchNormEpsilon } from './batch-norm.js';
import { conv, convolution, filterGradients, type ConvOptions } from './conv.js';
import { derived } from './derived.js';
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
  const { parameters, buffers } = joinModules([convolved, normed]);
  const convolve = convolution(engine, options);
  const [scale, shift, mean, variance] = [...normed.parameters, ...normed.buffers].map(
    ({ variable }) => variable as unknown as Tensor1D,
  ) as [Tensor1D, Tensor1D, Tensor1D, Tensor1D];
  const [filter, bias] = convolved.parameters.map(({ variable }) => variable as unknown as Tensor) as [
    Tensor4D,
    Tensor1D | undefined,
  ];
  /** Of the norm: 1 / deviation; of both: the factor and the centre, y = factor (conv(x) - center) + shift. */
  const linear = (): { inverse: Tensor1D; factor: Tensor1D; center: Tensor1D } => {
    const inverse = tf.rsqrt(tf.add<Tensor1D>(variance, batchNormEpsilon));
    return { inverse, factor: tf.mul(scale, inverse), center: bias ? tf.sub(mean, bias) : mean };
  };
  const folded = derived(engine, (): { filter: Tensor4D; shift: Tensor1D } => {
    const { factor, center } = linear();
    // The output channel is the filter's last axis, of a depthwise one the last but one.
    const each = options.depthwise ? tf.reshape(factor, [-1, 1]) : factor;
    return { filter: tf.mul(filter, each), shift: tf.sub(shift, tf.mul(center, factor)) };
  });
  const variables = [...parameters, ...buffers].map(({ variable }) => variable);
  /** Eq. 7's squares of all parameters. Of the filter's gradient G each other one is a sum: conv(x) dy = sum of W G. */
  const squares = (x: Tensor4D, dy: Tensor4D): Tensor1D => {
    const { inverse, factor, center } = linear();
    const ofFilter = filterGradients(engine, options, x, dy); // of the folded one, [n, k, out]
    const ofShift = tf.sum<Tensor2D>(dy, [1, 2]);
    const weights = tf.reshape(filter, [1, -1, options.output]);
    const products = tf.sum<Tensor2D>(tf.mul(ofFilter, weights), 1);
    const ofScale = tf.mul<Tensor2D>(tf.sub(products, tf.mul(ofShift, center)), inverse);
    return tf.sum(
      tf.addN([
        tf.mul(tf.sum<Tensor2D>(tf.square(ofFilter), 1), tf.square(factor)),
        ...(bias ? [tf.square(tf.mul(ofShift, factor))] : []),
        tf.square(ofShift),
        tf.square(ofScale),
      ]),
      1,
    );
  };
  return {
    parameters,
    buffers,
    forward: (x, mode) => {
      if (mode.training || mode.behindConv) return normed.forward(convolved.forward(x, mode), mode);
      const both = folded(variables);
      const y = engine.kernels.addBias(convolve(x, both.filter), both.shift);
      return mode.squares ? mode.squares.watch(x, y, parameters, squares) : y;
    },
  };
}
