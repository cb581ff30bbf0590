import type { Tensor4D } from '@tensorflow/tfjs';

import type { Rng } from '../core/rng.js';
import type { Engine } from '../engine/engine.js';
import { constant, heFanOut } from './initial.js';
import { parameter, type Layer } from './parameter.js';

export interface ConvOptions {
  readonly name: string;
  readonly size: number;
  readonly input: number;
  readonly output: number;
  readonly stride?: number;
  /** Symmetric, in pixels. */
  readonly pad: number;
  readonly bias: boolean;
  /** He by fan-out unless given. */
  readonly initial?: (rng: Rng, shape: readonly [number, number, number, number]) => Float32Array;
}

/** A convolution as PyTorch's Conv2d: [n, h, w, in] -> [n, h', w', out]. */
export function conv(engine: Engine, rng: Rng, options: ConvOptions): Layer<Tensor4D> {
  const { tf, kernels } = engine;
  const { name, size, input, output, stride = 1, pad, initial = heFanOut } = options;
  const shape = [size, size, input, output] as const;
  const filter = parameter(tf, `${name}.weight`, 'conv', shape, initial(rng.child(`${name}.weight`), shape));
  const bias = options.bias
    ? parameter(tf, `${name}.bias`, 'as-is', [output], constant([output], 0))
    : undefined;
  return {
    parameters: bias ? [filter, bias] : [filter],
    buffers: [],
    forward: (x) => {
      const y = kernels.conv2d(x, filter.variable as unknown as Tensor4D, stride, pad);
      return bias ? tf.add(y, bias.variable) : y;
    },
  };
}
