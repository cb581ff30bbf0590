import type { Rank, Tensor, Tensor4D, Variable } from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';

import { Rng } from '../../src/core/rng.js';
import { gradientsFrom } from '../../src/engine/loss-gradients.js';
import { madeTwice } from '../../src/engine/made-twice.js';
import { numbers } from '../support/arrays.js';
import { testEngine } from '../support/engine.js';
import { expectGradients } from '../support/gradient-check.js';
import { randomTensor } from '../support/tensors.js';

const { tf, kernels } = await testEngine();
const rng = new Rng(1, 'gradient/made-twice');
const x = randomTensor<Rank.R4>(tf, rng.child('x'), [2, 4, 4, 3]);
const [first, second, unused] = ['first', 'second', 'unused'].map((name) =>
  tf.variable(randomTensor<Rank.R4>(tf, rng.child(name), [3, 3, 3, 3])),
) as [Variable<Rank.R4>, Variable<Rank.R4>, Variable<Rank.R4>];

const layer = (map: Tensor4D, filter: Tensor): Tensor4D =>
  kernels.quickGelu(kernels.conv2d(map, filter as Tensor4D, 1, 1));
/** Two parts in a row, the second with what it is given twice. */
const plain = (input: Tensor4D): Tensor4D => {
  const map = layer(input, first);
  return kernels.concatChannels([layer(map, second), map]);
};
const twice = (input: Tensor4D): Tensor4D => {
  const map = madeTwice(tf, input, [first], (a) => layer(a, first));
  return madeTwice(tf, map, [second, unused], (a) => kernels.concatChannels([layer(a, second), a]));
};

describe('madeTwice', () => {
  test('has the values and gradients of the parts themselves, to the bit', () => {
    const results = [plain, twice].map((f) => {
      const dy = randomTensor<Rank.R4>(tf, rng.child('dy'), [2, 4, 4, 6]);
      const { value, grads } = gradientsFrom(tf, () => f(x), [x, first, second], dy);
      return [value, ...grads].map((tensor) => numbers(tensor!));
    });
    expect(results[1]).toEqual(results[0]);
  });

  test('has the gradient of central differences', () => {
    expectGradients(tf, twice, [x]);
  });

  test('gives zeros for what a part does not use', () => {
    const dy = tf.ones<Rank.R4>([2, 4, 4, 6]);
    const { grads } = gradientsFrom(tf, () => twice(x), [unused], dy);
    expect(numbers(grads[0]!)).toEqual(new Array<number>(unused.size).fill(0));
  });

  test('leaves no tensor behind', () => {
    const run = (): void => {
      const dy = tf.ones<Rank.R4>([2, 4, 4, 6]);
      const { value, grads } = gradientsFrom(tf, () => twice(x), [first, second], dy);
      tf.dispose([value, dy, ...(grads as Tensor[])]);
    };
    run();
    const before = tf.memory().numTensors;
    run();
    expect(tf.memory().numTensors).toBe(before);
  });
});
