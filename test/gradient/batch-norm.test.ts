import type { Rank } from '@tensorflow/tfjs';
import { describe, test } from 'vitest';

import { Rng } from '../../src/core/rng.js';
import { testEngine } from '../support/engine.js';
import { expectGradients } from '../support/gradient-check.js';
import { randomTensor } from '../support/tensors.js';

const { tf, kernels } = await testEngine();
const rng = new Rng(1, 'gradient/batch-norm');
const x = randomTensor<Rank.R4>(tf, rng, [3, 2, 3, 4]);
const scale = randomTensor<Rank.R1>(tf, rng, [4]);
const shift = randomTensor<Rank.R1>(tf, rng, [4]);

describe('gradients of batch norm for input, scale and shift', () => {
  test('by the statistics of the batch', () => {
    expectGradients(tf, (a, b, c) => kernels.batchNormTrain(a, b, c, 1e-3).y, [x, scale, shift]);
  });

  test('by given statistics', () => {
    const mean = randomTensor<Rank.R1>(tf, rng, [4]);
    const variance = randomTensor<Rank.R1>(tf, rng, [4]).square().add<typeof mean>(0.5);
    expectGradients(tf, (a, b, c) => kernels.batchNormInference(a, b, c, mean, variance, 1e-3), [
      x,
      scale,
      shift,
    ]);
  });

  test('a single image, as per-sample Fisher information has it', () => {
    const one = x.slice<typeof x>([0, 0, 0, 0], [1, 2, 3, 4]);
    const mean = randomTensor<Rank.R1>(tf, rng, [4]);
    const variance = tf.ones<Rank.R1>([4]);
    expectGradients(tf, (a, b, c) => kernels.batchNormInference(a, b, c, mean, variance, 1e-3), [
      one,
      scale,
      shift,
    ]);
  });
});
