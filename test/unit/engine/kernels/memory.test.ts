import type { Rank, Tensor, Tensor4D } from '@tensorflow/tfjs';
import { expect, test } from 'vitest';

import { testEngine } from '../../../support/engine.js';

const { tf, kernels } = await testEngine();
const x = tf.ones<Rank.R4>([2, 6, 6, 4]);
const ones = tf.ones<Rank.R1>([4]);
const zeros = tf.zeros<Rank.R1>([4]);
const filter = tf.ones<Rank.R4>([3, 3, 4, 4]);
const depthwise = tf.ones<Rank.R4>([3, 3, 4, 1]);
const [mean, variance] = [tf.zeros<Rank.R1>([4]), tf.ones<Rank.R1>([4])];
const labels = tf.tensor1d([1, 0], 'int32');

function network(images: Tensor, w: Tensor, d: Tensor, scale: Tensor, shift: Tensor): Tensor {
  const [s, b] = [scale, shift] as [typeof ones, typeof ones];
  let a = kernels.conv2d(images as Tensor4D, w as Tensor4D, 2, 1);
  a = kernels.quickGelu(kernels.batchNormTrain(a, s, b, 1e-5).y);
  a = kernels.depthwiseConv2d(a, d as Tensor4D, 1, 1);
  a = kernels.relu(kernels.batchNormInference(a, s, b, mean, variance, 1e-5));
  a = kernels.avgPool(kernels.maxPool(a, 3, 1, 1), 2, 1, 1);
  return kernels.meanCrossEntropy(a.mean<Tensor4D>([1, 2]).reshape([2, 4]), labels);
}

test('a thousand steps leave no tensor behind', () => {
  const step = (): void =>
    tf.tidy(() => void tf.grads(network)([x, filter, depthwise, ones, zeros])[0]!.dataSync());
  step();
  const before = tf.memory();
  for (let i = 0; i < 1000; i++) step();
  const after = tf.memory();
  expect([after.numTensors, after.numDataBuffers]).toEqual([before.numTensors, before.numDataBuffers]);
});

test.each([
  ['batchNormTrain', 3, () => Object.values(kernels.batchNormTrain(x, ones, zeros, 1e-5))],
  ['batchNormInference', 1, () => [kernels.batchNormInference(x, ones, zeros, mean, variance, 1e-5)]],
  ['relu', 1, () => [kernels.relu(x)]],
  ['quickGelu', 1, () => [kernels.quickGelu(x)]],
  ['conv2d', 1, () => [kernels.conv2d(x, filter, 2, 1)]],
  ['depthwiseConv2d', 1, () => [kernels.depthwiseConv2d(x, depthwise, 2, 1)]],
  ['mixChannels', 1, () => [kernels.mixChannels(x, tf.keep(tf.ones([1, 1, 4, 4])))], 1],
  ['maxPool', 1, () => [kernels.maxPool(x, 3, 2, 1)]],
  ['avgPool', 1, () => [kernels.avgPool(x, 3, 2, 1)]],
  ['globalAvgPool', 1, () => [kernels.globalAvgPool(x)]],
  ['sum', 1, () => [kernels.sum([x, x])]],
  ['addBias', 1, () => [kernels.addBias(x, ones)]],
  ['crossEntropy', 1, () => [kernels.crossEntropy(tf.keep(tf.ones([2, 4])), labels)], 1],
] as [string, number, () => Tensor[], number?][])(
  '%s outside any scope makes its outputs and nothing else',
  (_, outputs, run, kept = 0) => {
    const before = tf.memory().numTensors;
    const made = run();
    expect(tf.memory().numTensors - before - kept).toBe(outputs);
    tf.dispose(made);
    expect(tf.memory().numTensors - before - kept).toBe(0);
  },
);

test('mixChannels keeps nothing of its input for the gradient', () => {
  const mixer = tf.ones<Rank.R4>([1, 1, 4, 4]);
  const kept = (mix: (map: Tensor4D) => Tensor4D): number => {
    let bytes = 0;
    const slope = tf.grad((a) => {
      const before = tf.memory().numBytes;
      const y = tf.tidy(() => mix(tf.square(a as Tensor4D)));
      bytes = tf.memory().numBytes - before;
      return tf.sum(y);
    });
    slope(x).dispose();
    return bytes;
  };
  const map = x.size * Float32Array.BYTES_PER_ELEMENT;
  expect(kept((a) => kernels.conv2d(a, mixer, 1, 0)) - kept((a) => kernels.mixChannels(a, mixer))).toBe(map);
  mixer.dispose();
});

test('gradients run only for what is asked: the filter alone costs no gradient of the images', () => {
  const profile = (f: () => void): string[] => {
    const names: string[] = [];
    const backend = tf.backend() as unknown as {
      executeSingleOutput(name: string, ...rest: unknown[]): Tensor;
    };
    const original = backend.executeSingleOutput.bind(backend);
    backend.executeSingleOutput = (name, ...rest) => {
      names.push(name);
      return original(name, ...rest);
    };
    f();
    backend.executeSingleOutput = original;
    return names;
  };
  const names = profile(() => void tf.grad((w) => kernels.conv2d(x, w as Tensor4D, 1, 1).sum())(filter));
  expect(names).toContain('Conv2DBackpropFilter');
  expect(names).not.toContain('Conv2DBackpropInput');
});
