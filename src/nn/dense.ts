import type { Tensor2D } from '@tensorflow/tfjs';

import type { Rng } from '../core/rng.js';
import type { Engine } from '../engine/engine.js';
import { constant, denseUniform } from './initial.js';
import { parameter, type Layer } from './parameter.js';

/** A fully connected layer with bias, as PyTorch's Linear: [n, in] -> [n, out]. Uniform by fan-in unless given. */
export function dense(
  engine: Engine,
  rng: Rng,
  name: string,
  input: number,
  output: number,
  initial: (rng: Rng, shape: readonly [number, number]) => Float32Array = denseUniform,
): Layer<Tensor2D> {
  const { tf } = engine;
  const shape = [input, output] as const;
  const weight = parameter(tf, `${name}.weight`, 'dense', shape, initial(rng.child(`${name}.weight`), shape));
  const bias = parameter(tf, `${name}.bias`, 'as-is', [output], constant([output], 0));
  return {
    parameters: [weight, bias],
    buffers: [],
    forward: (x) => tf.add(tf.matMul(x, weight.variable as unknown as Tensor2D), bias.variable),
  };
}
