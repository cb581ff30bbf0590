import type { Rank } from '@tensorflow/tfjs';
import { expect, test } from 'vitest';

import { Rng } from '../../../../src/core/rng.js';
import { testEngine } from '../../../support/engine.js';
import { randomTensor } from '../../../support/tensors.js';

const { tf, kernels } = await testEngine();

test.each([
  [3, 1, 1],
  [3, 2, 1],
  [1, 2, 0],
  [1, 1, 1],
])('windows of %i with stride %i and padding %i, row by row, 0 outside the image', (size, stride, pad) => {
  const x = randomTensor<Rank.R4>(tf, new Rng(1, 'x'), [2, 5, 4, 3]);
  const values = x.arraySync();
  const found = kernels.patches(x, size, stride, pad).arraySync();
  const [rows, columns] = [5, 4].map((length) => Math.floor((length + 2 * pad - size) / stride) + 1);
  const expected = values.map((image) =>
    Array.from({ length: rows! }, (_, y) =>
      Array.from({ length: columns! }, (__, column) =>
        Array.from({ length: size * size }, (___, k) => {
          const [i, j] = [y * stride + Math.floor(k / size) - pad, column * stride + (k % size) - pad];
          return image[i]?.[j] ?? [0, 0, 0];
        }).flat(),
      ),
    ),
  );
  expect(found).toEqual(expected);
});

test.each([1, 2])('are a constant for any gradient, with stride %i', (stride) => {
  const x = randomTensor<Rank.R4>(tf, new Rng(1, 'x'), [1, 4, 4, 2]);
  const [weight] = tf.sum(kernels.patches(x, 3, stride, 1)).dataSync();
  const gradient = tf.grad((map) => tf.mul(map, tf.sum(kernels.patches(map as typeof x, 3, stride, 1))))(x);
  expect(gradient.arraySync()).toEqual(tf.fill(x.shape, weight!).arraySync());
});
