import type { Rank } from '@tensorflow/tfjs';
import { expect, it } from 'vitest';

import { Rng } from '../../../src/core/rng.js';
import { dense } from '../../../src/nn/dense.js';
import { inference } from '../../../src/nn/parameter.js';
import { expectClose, numbers } from '../../support/arrays.js';
import { testEngine } from '../../support/engine.js';
import { randomTensor } from '../../support/tensors.js';

const engine = await testEngine();
const { tf } = engine;

it('is x W + b, with the bias at 0 to begin with', () => {
  const layer = dense(engine, new Rng(1, 'dense'), 'fc', 3, 2);
  const [weight, bias] = layer.parameters;
  expect([weight!.name, bias!.name]).toEqual(['fc.weight', 'fc.bias']);
  expect(numbers(bias!.variable)).toEqual([0, 0]);
  bias!.variable.assign(tf.tensor1d([10, -10]));
  const x = randomTensor<Rank.R2>(tf, new Rng(2, 'x'), [4, 3]);
  const [values, w] = [numbers(x), numbers(weight!.variable)];
  const expected = Array.from({ length: 8 }, (_, k) => {
    const [n, o] = [Math.floor(k / 2), k % 2];
    return [0, 1, 2].reduce((sum, i) => sum + values[n * 3 + i]! * w[i * 2 + o]!, [10, -10][o]!);
  });
  expectClose(numbers(layer.forward(x, inference)), expected, 1e-6);
});
