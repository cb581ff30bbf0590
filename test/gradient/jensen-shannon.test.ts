import type { Rank } from '@tensorflow/tfjs';
import { test } from 'vitest';

import { Rng } from '../../src/core/rng.js';
import { jensenShannon } from '../../src/nn/jensen-shannon.js';
import { testEngine } from '../support/engine.js';
import { expectGradients } from '../support/gradient-check.js';
import { randomTensor } from '../support/tensors.js';

const engine = await testEngine();

test('gradient of the Jensen-Shannon term for the logits', () => {
  const logits = randomTensor<Rank.R2>(engine.tf, new Rng(1, 'gradient/jensen-shannon'), [3 * 4, 5]);
  // In units of 1/n, so that a coordinate's gradient is around 1 and a wrong one shows.
  expectGradients(engine.tf, (x) => engine.tf.mul(jensenShannon(engine, x, 3), 40), [logits]);
});
