import type { Tensor } from '@tensorflow/tfjs';
import { expect } from 'vitest';

import { Rng } from '../../src/core/rng.js';
import type { Tf } from '../../src/engine/engine.js';
import { randomTensor } from './tensors.js';

export interface GradientCheckOptions {
  /**
   * Half the distance of the two points of a central difference. Its error is step^2 |f'''| / 6 from the formula and
   * about 1e-7 |f| / step from float32; 2^-7 keeps both below 1e-4 for functions and inputs around 1.
   */
  readonly step?: number;
  /** Allowed difference, relative to max(1, |gradient|). */
  readonly tolerance?: number;
}

/**
 * Compares the gradients of f for every coordinate of every input with central differences, with a random upstream
 * gradient. The differences of f's float32 outputs are weighted and summed in double precision.
 */
export function expectGradients<Inputs extends Tensor[]>(
  tf: Tf,
  f: (...inputs: Inputs) => Tensor,
  inputs: readonly [...Inputs],
  { step = 1 / 128, tolerance = 1e-3 }: GradientCheckOptions = {},
): void {
  const output = f(...inputs);
  const upstream = randomTensor(tf, new Rng(0, 'gradient-check/upstream'), output.shape as number[] as never);
  const weights = upstream.dataSync();
  const automatic = tf.grads((...xs) => f(...(xs as [...Inputs])))([...inputs], upstream);
  const wrong: string[] = [];
  inputs.forEach((input, which) => {
    const values = Float32Array.from(input.dataSync());
    const outputsAt = (index: number, value: number): Float32Array =>
      tf.tidy(() => {
        const moved = values.slice();
        moved[index] = value;
        const x = tf.tensor(moved, input.shape);
        return f(...(inputs.map((other, i) => (i === which ? x : other)) as Inputs)).dataSync<'float32'>();
      });
    const gradient = automatic[which]!.dataSync();
    values.forEach((value, index) => {
      const [high, low] = [Math.fround(value + step), Math.fround(value - step)];
      const [above, below] = [outputsAt(index, high), outputsAt(index, low)];
      let sum = 0;
      for (let i = 0; i < weights.length; i++) sum += weights[i]! * (above[i]! - below[i]!);
      const difference = sum / (high - low);
      if (!(Math.abs(gradient[index]! - difference) <= tolerance * Math.max(1, Math.abs(difference))))
        wrong.push(
          `input ${which}, coordinate ${index}: gradient ${gradient[index]}, difference ${difference}`,
        );
    });
  });
  expect(wrong.join('\n')).toBe('');
}
