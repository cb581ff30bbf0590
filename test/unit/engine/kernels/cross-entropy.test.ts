import type { Rank, Tensor2D } from '@tensorflow/tfjs';
import { expect, test } from 'vitest';

import { testEngine } from '../../../support/engine.js';

const { tf, kernels } = await testEngine();
const logits = tf.tensor2d([0, 0, Math.log(3), 0, 1000, -1000], [3, 2]);
const labels = tf.tensor1d([1, 0, 0], 'int32');

test('-log softmax of the right class, also where exp overflows', () => {
  const expected = [Math.log(2), Math.log(4 / 3), 0].map((v) => expect.closeTo(v, 6) as number);
  expect([...kernels.crossEntropy(logits, labels).dataSync()]).toEqual(expected);
});

test('the mean', () => {
  const mean = kernels.meanCrossEntropy(logits, labels);
  expect(mean.shape).toEqual([]);
  expect(mean.dataSync()[0]).toBeCloseTo((Math.log(2) + Math.log(4 / 3)) / 3, 6);
});

test('labels of another kind or number are refused', () => {
  expect(() => kernels.crossEntropy(logits, tf.tensor1d([1, 0, 0]))).toThrow(
    new RangeError('crossEntropy: labels must be int32 [3] for logits of [3,2] but got float32 [3]'),
  );
  expect(() => kernels.crossEntropy(logits, tf.tensor1d([1, 0], 'int32'))).toThrow(
    new RangeError('crossEntropy: labels must be int32 [3] for logits of [3,2] but got int32 [2]'),
  );
  expect(() => kernels.crossEntropy(tf.ones<Rank>([3]) as Tensor2D, labels)).toThrow(
    new RangeError('crossEntropy: logits must be [n, classes] but got [3]'),
  );
});

test('a label outside the classes fails or gives NaN, never a number', () => {
  const wrong = tf.tensor1d([2, 0, 0], 'int32');
  let loss: number | undefined;
  try {
    loss = kernels.crossEntropy(logits, wrong).dataSync()[0];
  } catch {
    loss = NaN;
  }
  expect(loss).toBeNaN();
});
