import type { NamedTensorMap, Tensor, Tensor4D } from '@tensorflow/tfjs';

import type { Tf } from '../engine.js';
import type { Precision } from '../precision.js';
import { defineOp } from './define-op.js';
import { checkImages, checkWindow, paddingOf, type Window } from './geometry.js';
import { rawOps } from './raw.js';
import { createSubsample } from './subsample.js';

interface Inputs extends NamedTensorMap {
  x: Tensor4D;
  filter: Tensor4D;
}
interface Settings {
  readonly stride: number;
  readonly pad: number;
}
type Conv = (x: Tensor4D, filter: Tensor4D, stride: number, pad: number) => Tensor4D;

/** Names of a convolution and of its two gradients in TensorFlow. */
interface Names {
  readonly forward: string;
  readonly input: string;
  readonly filter: string;
}

/** tf.js throws on explicit padding in both gradients; TensorFlow's own ops take it. */
function defineConv(
  tf: Tf,
  name: string,
  names: Names,
  precision: Precision,
): (inputs: Inputs, settings: Settings) => Tensor[] {
  const { one, inBfloat16, int, string, type } = rawOps(tf);
  const paddingAt = (x: Tensor, filter: Tensor, { stride, pad }: Settings): string =>
    paddingOf(x.shape, windowOf(filter, stride, pad));
  const attrs = (x: Tensor, filter: Tensor, settings: Settings) => {
    const { stride, pad } = settings;
    const padding = paddingAt(x, filter, settings);
    return [
      int('strides', [1, stride, stride, 1]),
      string('padding', padding),
      ...(padding === 'EXPLICIT' ? [int('explicit_paddings', [0, 0, pad, pad, pad, pad, 0, 0])] : []),
      string('data_format', 'NHWC'),
    ];
  };
  const inFloat32: typeof one = (op, settings, inputs) => one(op, [type('float32'), ...settings], inputs);
  const run = precision === 'bfloat16' ? inBfloat16 : inFloat32;
  return defineOp<Inputs, Settings>(tf, {
    name,
    forward: ({ x, filter }, settings) => [run(names.forward, attrs(x, filter, settings), [x, filter])],
    inputsToSave: ['x', 'filter'],
    gradient: (dy, saved, settings) => {
      const [x, filter] = saved as [Tensor, Tensor];
      const gradient = (op: string, inputs: readonly Tensor[]): Tensor =>
        run(op, attrs(x, filter, settings), inputs);
      return {
        x: () => gradient(names.input, [tf.tensor1d(x.shape, 'int32'), filter, dy]),
        filter: () => gradient(names.filter, [x, tf.tensor1d(filter.shape, 'int32'), dy]),
      };
    },
  });
}

function windowOf(filter: Tensor, stride: number, pad: number): Window {
  return { size: [filter.shape[0], filter.shape[1]!], stride, pad };
}

/**
 * TensorFlow's filter gradient of a 1x1 convolution with a stride writes beyond its buffer on a CPU (2.21: heap
 * corruption with one image of even size): the pixels that count are taken out first, which is quicker as well.
 */
export function createConv2d(tf: Tf, precision: Precision): Conv {
  const subsample = createSubsample(tf);
  const names = { forward: 'Conv2D', input: 'Conv2DBackpropInput', filter: 'Conv2DBackpropFilter' };
  const run = defineConv(tf, 'Conv2d', names, precision);
  const framed = (x: Tensor4D, pad: number): Tensor4D =>
    tf.pad4d(x, [
      [0, 0],
      [pad, pad],
      [pad, pad],
      [0, 0],
    ]);
  return (x, filter, stride, pad) => {
    checkImages('conv2d', x);
    if (filter.rank !== 4 || filter.shape[2] !== x.shape[3])
      throw new RangeError(
        `conv2d: filter must be [height, width, ${x.shape[3]}, out] for an input of [${x.shape}] but got [${filter.shape}]`,
      );
    const { size } = windowOf(filter, stride, pad);
    checkWindow('conv2d', x, { size, stride, pad });
    if (stride === 1 || Math.min(...size) >= stride) {
      // In bfloat16, TensorFlow's gradients with explicit padding take ten times as long as in float32.
      if (precision === 'bfloat16' && paddingOf(x.shape, { size, stride, pad }) === 'EXPLICIT')
        return run({ x: framed(x, pad), filter }, { stride, pad: 0 })[0] as Tensor4D;
      return run({ x, filter }, { stride, pad })[0] as Tensor4D;
    }
    if (Math.max(...size) > 1 || pad > 0)
      throw new RangeError(
        `conv2d: a window of ${size.join('x')} with stride ${stride} must be 1x1 without padding`,
      );
    return run({ x: subsample(x, stride), filter }, { stride: 1, pad })[0] as Tensor4D;
  };
}

/**
 * A 1x1 convolution whose weights are constant. It has no gradient for them, so a training step need not keep `x`.
 */
export function createMixChannels(tf: Tf, precision: Precision): (x: Tensor4D, filter: Tensor4D) => Tensor4D {
  const { one, inBfloat16, int, string, type } = rawOps(tf);
  const attrs = [int('strides', [1, 1, 1, 1]), string('padding', 'VALID'), string('data_format', 'NHWC')];
  const run = (op: string, inputs: readonly Tensor[]): Tensor =>
    precision === 'bfloat16' ? inBfloat16(op, attrs, inputs) : one(op, [type('float32'), ...attrs], inputs);
  const mix = defineOp<Inputs, object>(tf, {
    name: 'MixChannels',
    forward: ({ x, filter }) => [run('Conv2D', [x, filter])],
    inputsToSave: ['filter'],
    gradient: (dy, [filter]) => ({
      x: () => {
        const shape = [...dy.shape.slice(0, 3), filter!.shape[2]!];
        return run('Conv2DBackpropInput', [tf.tensor1d(shape, 'int32'), filter!, dy]);
      },
    }),
  });
  return (x, filter) => {
    checkImages('mixChannels', x);
    const [height, width, inputs] = filter.shape;
    if (filter.rank !== 4 || height !== 1 || width !== 1 || inputs !== x.shape[3])
      throw new RangeError(
        `mixChannels: filter must be [1, 1, ${x.shape[3]}, out] for an input of [${x.shape}] but got [${filter.shape}]`,
      );
    return mix({ x, filter }, {})[0] as Tensor4D;
  };
}

export function createDepthwiseConv2d(tf: Tf): Conv {
  const names = {
    forward: 'DepthwiseConv2dNative',
    input: 'DepthwiseConv2dNativeBackpropInput',
    filter: 'DepthwiseConv2dNativeBackpropFilter',
  };
  const run = defineConv(tf, 'DepthwiseConv2d', names, 'float32');
  return (x, filter, stride, pad) => {
    checkImages('depthwiseConv2d', x);
    if (filter.rank !== 4 || filter.shape[2] !== x.shape[3] || filter.shape[3] !== 1)
      throw new RangeError(
        `depthwiseConv2d: filter must be [height, width, ${x.shape[3]}, 1] for an input of [${x.shape}] but got [${filter.shape}]`,
      );
    checkWindow('depthwiseConv2d', x, windowOf(filter, stride, pad));
    return run({ x, filter }, { stride, pad })[0] as Tensor4D;
  };
}
