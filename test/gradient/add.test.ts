import type { Rank, Tensor } from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';

import { Rng } from '../../src/core/rng.js';
import { numbers } from '../support/arrays.js';
import { testEngine } from '../support/engine.js';
import { expectGradients } from '../support/gradient-check.js';
import { randomTensor } from '../support/tensors.js';

const { tf, kernels } = await testEngine();
const rng = new Rng(1, 'gradient/add');
const maps = [1, 2, 3].map((k) => randomTensor<Rank.R4>(tf, rng.child(`${k}`), [2, 3, 2, 4]));
const bias = randomTensor<Rank.R1>(tf, rng.child('bias'), [4]);

/** How many tensors there are more when f has run under a gradient: its output, and what it keeps. */
function madeUnderGradient(f: (x: (typeof maps)[0]) => Tensor): number {
  let made = NaN;
  tf.tidy(() => {
    tf.grad((x) => {
      const before = tf.memory().numTensors;
      const y = f(x as (typeof maps)[0]);
      made = tf.memory().numTensors - before;
      return tf.sum(y);
    })(maps[0]!);
  });
  return made;
}

test.each([
  ['sum', (x) => kernels.sum([x, x])],
  ['addBias', (x) => kernels.addBias(x, bias)],
  ['globalAvgPool', (x) => kernels.globalAvgPool(x)],
] as [string, (x: (typeof maps)[0]) => Tensor][])('%s keeps nothing for the gradient', (_, f) => {
  expect(madeUnderGradient(f)).toBe(1);
});

describe('sum', () => {
  test('is that of tf.js, to the bit, with its gradients', () => {
    expect(numbers(kernels.sum(maps))).toEqual(numbers(tf.addN(maps)));
    expect(numbers(kernels.sum(maps.slice(1)))).toEqual(numbers(tf.add(maps[1]!, maps[2]!)));
    expectGradients(tf, (...terms) => tf.square(kernels.sum(terms)), maps);
  });

  test('of one tensor twice has both gradients, and of a single one is that one', () => {
    expectGradients(tf, (x) => tf.square(kernels.sum([x, x])), [maps[0]!]);
    expect(kernels.sum([maps[0]!])).toBe(maps[0]);
  });

  test('refuses other shapes and none at all', () => {
    expect(() => kernels.sum([maps[0]!, bias] as Tensor[])).toThrow('sum: [4] and [2,3,2,4]');
    expect(() => kernels.sum([])).toThrow('at least one tensor');
  });
});

describe('addBias', () => {
  test('is that of tf.js, to the bit, with its gradients', () => {
    expect(numbers(kernels.addBias(maps[0]!, bias))).toEqual(numbers(tf.add(maps[0]!, bias)));
    expectGradients(tf, (x, b) => tf.square(kernels.addBias(x, b)), [maps[0]!, bias]);
  });

  test('refuses a bias of other channels', () => {
    expect(() => kernels.addBias(maps[0]!, tf.zeros([3]))).toThrow('bias must be [4]');
  });
});

describe('globalAvgPool', () => {
  test('is the mean of tf.js, to the bit, with its gradient', () => {
    expect(numbers(kernels.globalAvgPool(maps[0]!))).toEqual(numbers(tf.mean(maps[0]!, [1, 2])));
    expectGradients(tf, (x) => tf.square(kernels.globalAvgPool(x)), [maps[0]!]);
    const slope = (mean: (x: Tensor) => Tensor) => tf.grad((x) => tf.sum(tf.square(mean(x))))(maps[0]!);
    expect(numbers(slope((x) => kernels.globalAvgPool(x as (typeof maps)[0])))).toEqual(
      numbers(slope((x) => tf.mean(x, [1, 2]))),
    );
  });
});
