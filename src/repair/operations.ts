import type { Tensor4D } from '@tensorflow/tfjs';

import type { Rng } from '../core/rng.js';
import type { Engine } from '../engine/engine.js';
import { heFanIn } from '../nn/initial.js';
import { parameter, type Module } from '../nn/parameter.js';
import type { OperationName } from './structure.js';

/** The operations of an edge (Eq. 12) that have weights: ReLU, then a convolution without bias. */
export type ConvolutionName = Extract<OperationName, `${string}conv${string}`>;

/**
 * A convolution from c to c channels at the same size, as the one dense filter that it comes to. A separable one is a
 * depthwise convolution followed by a 1x1 one with nothing in between, so the product of its two weights is a filter
 * like any other; TensorFlow runs one wide convolution much faster than many narrow ones, and depthwise ones slowest.
 */
export interface EdgeConvolution extends Module {
  readonly size: 1 | 3;
  /** [size, size, c, c], with gradients to the weights. */
  filter(): Tensor4D;
}

/** Whether an operation has parameters; the others do the same on every edge. */
export function hasWeights(operation: OperationName): operation is ConvolutionName {
  return operation.includes('conv');
}

export function buildConvolution(
  { tf }: Engine,
  rng: Rng,
  name: string,
  operation: ConvolutionName,
  channels: number,
): EdgeConvolution {
  const size = operation.endsWith('3x3') ? 3 : 1;
  const dense = (label: string, side: number) => {
    const shape = [side, side, channels, channels] as const;
    return parameter(tf, `${label}.weight`, 'conv', shape, heFanIn(rng.child(`${label}.weight`), shape));
  };
  if (!operation.startsWith('sep')) {
    const weight = dense(name, size);
    return { parameters: [weight], buffers: [], size, filter: () => weight.variable as unknown as Tensor4D };
  }
  const fanIn = [size, size, 1, channels] as const; // each channel sees only its own window
  const depthwise = parameter(
    tf,
    `${name}.depthwise.weight`,
    'depthwise',
    [size, size, channels, 1],
    heFanIn(rng.child(`${name}.depthwise`), fanIn),
  );
  const pointwise = dense(`${name}.pointwise`, 1);
  return {
    parameters: [depthwise, pointwise],
    buffers: [],
    size,
    filter: () => tf.mul<Tensor4D>(depthwise.variable, pointwise.variable),
  };
}

/** An operation without weights. */
export function applyFixed(
  { kernels }: Engine,
  operation: Exclude<OperationName, ConvolutionName>,
  x: Tensor4D,
): Tensor4D {
  switch (operation) {
    case 'maxpool3x3':
      return kernels.maxPool(x, 3, 1, 1);
    case 'avgpool3x3':
      return kernels.avgPool(x, 3, 1, 1);
    case 'identity':
      return x;
  }
}
