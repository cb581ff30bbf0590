import type { Rank } from '@tensorflow/tfjs';
import { describe, test } from 'vitest';

import { Rng } from '../../src/core/rng.js';
import { testEngine } from '../support/engine.js';
import { expectGradients } from '../support/gradient-check.js';
import { randomTensor } from '../support/tensors.js';

const { tf, kernels } = await testEngine();
const logits = randomTensor<Rank.R2>(tf, new Rng(1, 'gradient/cross-entropy'), [5, 4]);
const labels = tf.tensor1d([0, 3, 1, 1, 2], 'int32');

describe('gradients of cross entropy for the logits', () => {
  test('of each sample', () => {
    expectGradients(tf, (x) => kernels.crossEntropy(x, labels), [logits]);
  });

  test('of the mean', () => {
    expectGradients(tf, (x) => kernels.meanCrossEntropy(x, labels), [logits]);
  });
});
