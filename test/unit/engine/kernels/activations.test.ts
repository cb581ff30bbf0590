import { expect, test } from 'vitest';

import { testEngine } from '../../../support/engine.js';

const { tf, kernels } = await testEngine();

test('relu', () => {
  expect([...kernels.relu(tf.tensor1d([-2, -1e-30, 0, 0.5])).dataSync()]).toEqual([0, 0, 0, 0.5]);
});

test('relu6', () => {
  expect([...kernels.relu6(tf.tensor1d([-2, 0, 0.5, 6, 6.5])).dataSync()]).toEqual([0, 0, 0.5, 6, 6]);
});

test('quickGelu is x * sigmoid(1.702 x)', () => {
  const x = [-30, -1, 0, 0.25, 3];
  const expected = x.map((v) => expect.closeTo(v / (1 + Math.exp(-1.702 * v)), 6) as number);
  expect([...kernels.quickGelu(tf.tensor1d(x)).dataSync()]).toEqual(expected);
});
