import { expect, test } from 'vitest';

import type { Tensor } from '@tensorflow/tfjs';
import { testEngine } from '../support/engine.js';
import { expectGradients } from '../support/gradient-check.js';

const { tf } = await testEngine();

test('the check finds a gradient that is half a per cent off', () => {
  const square = tf.customGrad((x, save) => {
    (save as (tensors: Tensor[]) => void)([x as Tensor]);
    return {
      value: (x as Tensor).square(),
      gradFunc: (dy, [saved]) => dy.mul(saved!.mul(2.01)),
    };
  });
  const x = tf.tensor1d([0.5, -1.5, 2.5]);
  expectGradients(tf, (a) => a.square(), [x]);
  expect(() => expectGradients(tf, (a) => square(a), [x])).toThrow(/coordinate/);
});
