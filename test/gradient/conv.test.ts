import type { Rank } from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';

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
  { height: 8, width: 9, size: 1, stride: 4, pad: 0 },
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

test('mixChannels: the gradient for the input, and the bits of a 1x1 convolution', () => {
  const rng = new Rng(1, 'gradient/mix-channels');
  const x = randomTensor<Rank.R4>(tf, rng, [2, 4, 5, 3]);
  const filter = randomTensor<Rank.R4>(tf, rng, [1, 1, 3, 2]);
  expectGradients(tf, (a) => kernels.mixChannels(a, filter), [x]);
  const both = [
    (a: typeof x) => kernels.mixChannels(a, filter),
    (a: typeof x) => kernels.conv2d(a, filter, 1, 0),
  ].map((f) => [f(x), tf.grad((a) => tf.sum(tf.square(f(a as typeof x))))(x)].map((y) => y.arraySync()));
  expect(both[0]).toEqual(both[1]);
  expect(() => kernels.mixChannels(x, tf.zeros([1, 1, 4, 2]))).toThrow(
    'mixChannels: filter must be [1, 1, 3, out] for an input of [2,4,5,3] but got [1,1,4,2]',
  );
});

// TensorFlow's own filter gradient of this convolution writes beyond its buffer; the process dies of it within a few
// dozen rounds.
test('a 1x1 convolution with a stride leaves the heap whole', () => {
  const x = randomTensor<Rank.R4>(tf, new Rng(1, 'x'), [1, 32, 32, 3]);
  const filter = randomTensor<Rank.R4>(tf, new Rng(1, 'filter'), [1, 1, 3, 6]);
  const slope = tf.grad((w) => tf.sum(kernels.conv2d(x, w as typeof filter, 2, 0)));
  const first = tf.tidy(() => slope(filter).arraySync());
  for (let round = 0; round < 200; round++) {
    expect(tf.tidy(() => slope(filter).arraySync())).toEqual(first);
    tf.tidy(() => void tf.ones([1 + 7 * round]).dataSync()); // other blocks on the heap beside it
  }
});

test('a window that is smaller than its stride must be 1x1', () => {
  const x = tf.zeros<Rank.R4>([1, 6, 6, 1]);
  expect(() => kernels.conv2d(x, tf.zeros([2, 2, 1, 1]), 3, 0)).toThrow(
    'conv2d: a window of 2x2 with stride 3 must be 1x1 without padding',
  );
});
