import type { Tensor4D } from '@tensorflow/tfjs';

import type { Rng } from '../core/rng.js';
import type { Engine } from '../engine/engine.js';
import { conv } from '../nn/conv.js';
import { heFanIn } from '../nn/initial.js';
import { joinModules, parameter, type Layer } from '../nn/parameter.js';
import type { OperationName } from './structure.js';

/**
 * The operations of an edge (Eq. 12), each from c to c channels at the same size: ReLU and a convolution without bias,
 * a pool, or nothing. A separable convolution is a depthwise one followed by a 1x1 one.
 */
export function buildOperation(
  engine: Engine,
  rng: Rng,
  name: string,
  operation: OperationName,
  channels: number,
): Layer<Tensor4D> {
  const { kernels } = engine;
  switch (operation) {
    case 'conv1x1':
      return reluConv(engine, rng, name, 1, channels);
    case 'conv3x3':
      return reluConv(engine, rng, name, 3, channels);
    case 'sepconv1x1':
      return reluSeparable(engine, rng, name, 1, channels);
    case 'sepconv3x3':
      return reluSeparable(engine, rng, name, 3, channels);
    case 'maxpool3x3':
      return fixed((x) => kernels.maxPool(x, 3, 1, 1));
    case 'avgpool3x3':
      return fixed((x) => kernels.avgPool(x, 3, 1, 1));
    case 'identity':
      return fixed((x) => x);
  }
}

/** Whether an operation has parameters; the others do the same on every edge. */
export function hasWeights(operation: OperationName): boolean {
  return operation.includes('conv');
}

function fixed(forward: (x: Tensor4D) => Tensor4D): Layer<Tensor4D> {
  return { parameters: [], buffers: [], forward };
}

function reluConv(engine: Engine, rng: Rng, name: string, size: number, channels: number): Layer<Tensor4D> {
  const convolution = pointwise(engine, rng, name, size, channels);
  return { ...convolution, forward: (x, mode) => convolution.forward(engine.kernels.relu(x), mode) };
}

function reluSeparable(
  engine: Engine,
  rng: Rng,
  name: string,
  size: number,
  channels: number,
): Layer<Tensor4D> {
  const { tf, kernels } = engine;
  const shape = [size, size, channels, 1] as const;
  const fanIn = [size, size, 1, channels] as const; // each channel sees only its own window
  const depthwise = parameter(
    tf,
    `${name}.depthwise.weight`,
    'depthwise',
    shape,
    heFanIn(rng.child(`${name}.depthwise`), fanIn),
  );
  const combine = pointwise(engine, rng, `${name}.pointwise`, 1, channels);
  return {
    ...joinModules([{ parameters: [depthwise], buffers: [] }, combine]),
    forward: (x, mode) => {
      const filtered = kernels.depthwiseConv2d(
        kernels.relu(x),
        depthwise.variable as unknown as Tensor4D,
        1,
        (size - 1) / 2,
      );
      return combine.forward(filtered, mode);
    },
  };
}

function pointwise(engine: Engine, rng: Rng, name: string, size: number, channels: number): Layer<Tensor4D> {
  return conv(engine, rng, {
    name,
    size,
    input: channels,
    output: channels,
    pad: (size - 1) / 2,
    bias: false,
    initial: heFanIn,
  });
}
