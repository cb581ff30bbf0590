import type { Scalar, Tensor } from '@tensorflow/tfjs';
import { expect } from 'vitest';

import { Rng } from '../../src/core/rng.js';
import type { Tf } from '../../src/engine/engine.js';
import type { Parameter } from '../../src/nn/parameter.js';
import type { GradientCheckOptions } from './gradient-check.js';
import { randomTensor } from './tensors.js';

/**
 * As `expectGradients`, for the parameters of a layer: every value of every parameter is moved both ways, and the
 * difference of f's outputs, weighted by a random upstream gradient and summed in double precision, is compared.
 */
export function expectParameterGradients(
  tf: Tf,
  f: () => Tensor,
  parameters: readonly Parameter[],
  { step = 1 / 128, tolerance = 1e-3 }: GradientCheckOptions = {},
): void {
  const shape = tf.tidy(() => f().shape);
  const upstream = randomTensor(tf, new Rng(0, 'gradient-check/upstream'), shape as never);
  const weights = upstream.dataSync();
  const { grads } = tf.variableGrads(
    () => tf.sum<Scalar>(tf.mul(f(), upstream)),
    parameters.map(({ variable }) => variable),
  );
  const wrong: string[] = [];
  for (const { name, variable } of parameters) {
    const values = Float32Array.from(variable.dataSync());
    const gradient = grads[variable.name]!.dataSync();
    const outputsAt = (index: number, value: number): Float32Array =>
      tf.tidy(() => {
        const moved = values.slice();
        moved[index] = value;
        variable.assign(tf.tensor(moved, variable.shape));
        return f().dataSync<'float32'>();
      });
    values.forEach((value, index) => {
      const [high, low] = [Math.fround(value + step), Math.fround(value - step)];
      const [above, below] = [outputsAt(index, high), outputsAt(index, low)];
      let sum = 0;
      for (let i = 0; i < weights.length; i++) sum += weights[i]! * (above[i]! - below[i]!);
      const difference = sum / (high - low);
      if (!(Math.abs(gradient[index]! - difference) <= tolerance * Math.max(1, Math.abs(difference))))
        wrong.push(`${name}[${index}]: gradient ${gradient[index]}, difference ${difference}`);
    });
    variable.assign(tf.tensor(values, variable.shape));
  }
  expect(wrong.join('\n')).toBe('');
}
