import type { Tensor1D, Tensor2D, Tensor3D, Tensor4D } from '@tensorflow/tfjs';

import type { Rng } from '../core/rng.js';
import type { Engine } from '../engine/engine.js';
import { constant, heFanOut } from './initial.js';
import { parameter, type Layer } from './parameter.js';
import { squaresOf } from './squared-gradients.js';

export interface ConvOptions {
  readonly name: string;
  readonly size: number;
  readonly input: number;
  readonly output: number;
  readonly stride?: number;
  /** Symmetric, in pixels. */
  readonly pad: number;
  readonly bias: boolean;
  /** Each channel has a filter of its own, as PyTorch's `groups` = channels; `output` is then `input`. */
  readonly depthwise?: boolean;
  /** He by fan-out unless given. */
  readonly initial?: (rng: Rng, shape: readonly [number, number, number, number]) => Float32Array;
}

/**
 * A convolution as PyTorch's Conv2d: [n, h, w, in] -> [n, h', w', out]. He's fan-out of a depthwise one is the one that
 * PyTorch counts, the kernel's area times all channels.
 */
export function conv(engine: Engine, rng: Rng, options: ConvOptions): Layer<Tensor4D> {
  const { tf } = engine;
  const { name, size, input, output, depthwise = false, initial = heFanOut } = options;
  const convolve = convolution(engine, options);
  const values = initial(rng.child(`${name}.weight`), [size, size, depthwise ? 1 : input, output]);
  const filter = parameter(
    tf,
    `${name}.weight`,
    depthwise ? 'depthwise' : 'conv',
    depthwise ? [size, size, output, 1] : [size, size, input, output],
    values,
  );
  const bias = options.bias
    ? parameter(tf, `${name}.bias`, 'as-is', [output], constant([output], 0))
    : undefined;
  const parameters = bias ? [filter, bias] : [filter];
  return {
    parameters,
    buffers: [],
    forward: (x, mode) => {
      const convolved = convolve(x, filter.variable as unknown as Tensor4D);
      const biased = bias
        ? engine.kernels.addBias(convolved, bias.variable as unknown as Tensor1D)
        : convolved;
      const y = mode.behindConv ? mode.behindConv(options, x, biased) : biased;
      if (mode.training || !mode.squares) return y;
      return mode.squares.watch(x, y, parameters, (input, dy) => {
        const ofFilter = squaresOf(engine, filterGradients(engine, options, input, dy));
        return bias ? tf.add(ofFilter, squaresOf(engine, tf.sum<Tensor2D>(dy, [1, 2]))) : ofFilter;
      });
    },
  };
}

/**
 * Each sample's gradient of the filter: its patches of the input times the output's gradient.
 * @returns [n, size^2 x in, out], depthwise [n, size^2, out]
 */
export function filterGradients(
  { tf, kernels }: Engine,
  { size, output, depthwise, stride = 1, pad }: ConvOptions,
  x: Tensor4D,
  dy: Tensor4D,
): Tensor3D {
  const [n, height, width] = dy.shape;
  const patches = kernels.patches(x, size, stride, pad);
  const places = height * width;
  if (!depthwise) {
    return tf.matMul<Tensor3D>(
      tf.reshape(patches, [n, places, -1]),
      tf.reshape(dy, [n, places, output]),
      true,
    );
  }
  const products = tf.mul(
    tf.reshape(patches, [n, places, size * size, output]),
    tf.reshape(dy, [n, places, 1, output]),
  );
  return tf.sum<Tensor3D>(products, 1);
}

/** The kernel of such a convolution, for its filter or one in its place. */
export function convolution(
  { kernels }: Engine,
  { depthwise, stride = 1, pad }: ConvOptions,
): (x: Tensor4D, filter: Tensor4D) => Tensor4D {
  return (x, filter) =>
    depthwise ? kernels.depthwiseConv2d(x, filter, stride, pad) : kernels.conv2d(x, filter, stride, pad);
}
