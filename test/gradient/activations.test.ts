import type { Rank } from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';

import { Rng } from '../../src/core/rng.js';
import { testEngine } from '../support/engine.js';
import { expectGradients } from '../support/gradient-check.js';
import { randomTensor, spacedTensor } from '../support/tensors.js';

const { tf, kernels } = await testEngine();
const rng = new Rng(1, 'gradient/activations');

describe('gradients of activations', () => {
  test('relu away from its kink', () => {
    expectGradients(tf, (x) => kernels.relu(x), [spacedTensor<Rank.R4>(tf, rng, [2, 3, 2, 4])]);
  });

  test('relu passes nothing at 0', () => {
    const slopes = tf.grad((x) => kernels.relu(x))(tf.tensor1d([-1, -0, 0, 1]), tf.tensor1d([2, 3, 4, 5]));
    expect([...slopes.dataSync()]).toEqual([0, 0, 0, 5]);
  });

  test('relu6 away from its kinks', () => {
    const spaced = spacedTensor<Rank.R4>(tf, rng, [2, 3, 2, 4]); // from -1 to 1, so 3 + 6 x is from -3 to 9
    expectGradients(tf, (x) => kernels.relu6(tf.add(tf.mul(x, 6), 3)), [spaced]);
  });

  test('relu6 passes nothing at 0 and at 6', () => {
    const slopes = tf.grad((x) => kernels.relu6(x))(
      tf.tensor1d([-1, 0, 1, 6, 7]),
      tf.tensor1d([2, 3, 4, 5, 6]),
    );
    expect([...slopes.dataSync()]).toEqual([0, 0, 4, 0, 0]);
  });

  test('quickGelu', () => {
    expectGradients(tf, (x) => kernels.quickGelu(x), [randomTensor<Rank.R4>(tf, rng, [2, 3, 2, 4])]);
  });

  test('quickGelu far out: slope 1 on the right, 0 on the left', () => {
    const slopes = tf.grad((x) => kernels.quickGelu(x))(tf.tensor1d([-60, 60]));
    expect([...slopes.dataSync()]).toEqual([expect.closeTo(0, 6), expect.closeTo(1, 6)]);
  });
});
