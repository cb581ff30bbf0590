import type { Rank } from '@tensorflow/tfjs';
import { describe, test } from 'vitest';

import { Rng } from '../../src/core/rng.js';
import { testEngine } from '../support/engine.js';
import { expectGradients } from '../support/gradient-check.js';
import { randomTensor, spacedTensor } from '../support/tensors.js';

const { tf, kernels } = await testEngine();

const cases = [
  { height: 4, width: 6, size: 2, stride: 2, pad: 0 },
  { height: 5, width: 4, size: 3, stride: 1, pad: 1 },
  { height: 6, width: 4, size: 3, stride: 2, pad: 1 },
  { height: 6, width: 4, size: 3, stride: 1, pad: 2 },
];
const title = '$height x $width by $size x $size, stride $stride, pad $pad';

describe.each(cases)(`gradients: ${title}`, ({ height, width, size, stride, pad }) => {
  const rng = new Rng(1, `gradient/pool/${[height, width, size, stride, pad].join('/')}`);

  test('maxPool away from ties', () => {
    const x = spacedTensor<Rank.R4>(tf, rng, [1, height, width, 2]);
    expectGradients(tf, (a) => kernels.maxPool(a, size, stride, pad), [x]);
  });

  test('avgPool', () => {
    const x = randomTensor<Rank.R4>(tf, rng, [2, height, width, 2]);
    expectGradients(tf, (a) => kernels.avgPool(a, size, stride, pad), [x]);
  });
});
