import type { Rank } from '@tensorflow/tfjs';
import { describe, test } from 'vitest';

import { Rng } from '../../src/core/rng.js';
import { testEngine } from '../support/engine.js';
import { expectGradients } from '../support/gradient-check.js';
import { randomTensor } from '../support/tensors.js';

const { tf, kernels } = await testEngine();

// Even and odd sizes, so that VALID, SAME and explicit padding all occur.
const cases = [
  { height: 5, width: 4, size: 3, stride: 1, pad: 1 },
  { height: 5, width: 4, size: 3, stride: 1, pad: 0 },
  { height: 6, width: 4, size: 3, stride: 2, pad: 1 },
  { height: 5, width: 7, size: 3, stride: 2, pad: 1 },
  { height: 5, width: 5, size: 5, stride: 1, pad: 2 },
  { height: 4, width: 4, size: 3, stride: 1, pad: 2 },
  { height: 4, width: 5, size: 1, stride: 1, pad: 0 },
  { height: 4, width: 5, size: 1, stride: 2, pad: 0 },
  { height: 4, width: 5, size: 1, stride: 1, pad: 1 },
];
const title = '$height x $width by $size x $size, stride $stride, pad $pad';

describe.each(cases)(`gradients for input and filter: ${title}`, ({ height, width, size, stride, pad }) => {
  const rng = new Rng(1, `gradient/conv/${[height, width, size, stride, pad].join('/')}`);
  const x = randomTensor<Rank.R4>(tf, rng, [2, height, width, 3]);

  test('conv2d', () => {
    const filter = randomTensor<Rank.R4>(tf, rng, [size, size, 3, 2]);
    expectGradients(tf, (a, w) => kernels.conv2d(a, w, stride, pad), [x, filter]);
  });

  test('depthwiseConv2d', () => {
    const filter = randomTensor<Rank.R4>(tf, rng, [size, size, 3, 1]);
    expectGradients(tf, (a, w) => kernels.depthwiseConv2d(a, w, stride, pad), [x, filter]);
  });
});
