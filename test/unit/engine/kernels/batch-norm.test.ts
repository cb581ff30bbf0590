import type { Rank, Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';

import { Rng } from '../../../../src/core/rng.js';
import { testEngine } from '../../../support/engine.js';
import { randomTensor } from '../../../support/tensors.js';

const { tf, kernels } = await testEngine();

function numbers(t: Tensor): number[] {
  return [...t.dataSync()];
}
function close(values: number[]): number[] {
  return values.map((value) => expect.closeTo(value, 5) as number);
}

describe('batchNormTrain', () => {
  test('normalises by mean and biased variance, returns mean and unbiased variance', () => {
    // One channel with 1, 2, 3, 6: mean 3, biased variance 14/4, unbiased 14/3.
    const x = tf.tensor4d([1, 2, 3, 6], [2, 1, 2, 1]);
    const { y, mean, variance } = kernels.batchNormTrain(x, tf.tensor1d([2]), tf.tensor1d([10]), 0.5);
    expect(numbers(mean)).toEqual(close([3]));
    expect(numbers(variance)).toEqual(close([14 / 3]));
    expect(numbers(y)).toEqual(close([-2, -1, 0, 3].map((d) => 10 + (2 * d) / 2)));
  });

  test('equals the formula in plain ops, with its gradients', () => {
    const rng = new Rng(1, 'batch-norm');
    const inputs = [
      randomTensor<Rank.R4>(tf, rng, [4, 5, 3, 6]),
      randomTensor<Rank.R1>(tf, rng, [6]),
      randomTensor<Rank.R1>(tf, rng, [6]),
    ];
    const plain = (x: Tensor, scale: Tensor, shift: Tensor): Tensor => {
      const { mean, variance } = tf.moments(x, [0, 1, 2]);
      return x.sub(mean).div(variance.add(1e-5).sqrt()).mul(scale).add(shift);
    };
    const own = (x: Tensor, scale: Tensor, shift: Tensor): Tensor =>
      kernels.batchNormTrain(x as Tensor4D, scale as Tensor1D, shift as Tensor1D, 1e-5).y;
    const upstream = randomTensor<Rank.R4>(tf, rng, [4, 5, 3, 6]);
    const [expected, actual] = [plain, own].map((f) => [
      f(...(inputs as [Tensor, Tensor, Tensor])),
      ...tf.grads(f)(inputs, upstream),
    ]);
    actual!.forEach((t, i) => expect(t.sub(expected![i]!).abs().max().dataSync()[0]).toBeLessThan(1e-4));
  });

  test('mean and variance carry no gradient', () => {
    const x = randomTensor<Rank.R4>(tf, new Rng(1, 'no-gradient'), [2, 3, 3, 2]);
    const [one, zero] = [tf.ones<Rank.R1>([2]), tf.zeros<Rank.R1>([2])];
    const gradient = tf.grad((a) => kernels.batchNormTrain(a as Tensor4D, one, zero, 1e-5).variance)(x);
    expect(numbers(gradient)).toEqual(new Array<number>(36).fill(0));
  });
});

test('batchNormInference takes the statistics that it is given', () => {
  const x = tf.tensor4d([1, 2, 3, 6], [2, 1, 1, 2]);
  const [scale, shift] = [tf.tensor1d([2, 1]), tf.tensor1d([10, -1])];
  const [mean, variance] = [tf.tensor1d([1, 2]), tf.tensor1d([3.5, 15.5])];
  const y = kernels.batchNormInference(x, scale, shift, mean, variance, 0.5);
  expect(numbers(y)).toEqual(close([10, -1, 12, 0]));
});

test('a shape that does not fit is named with the one that was wanted', () => {
  const x = tf.ones<Rank.R4>([1, 2, 2, 3]);
  const three = tf.ones<Rank.R1>([3]);
  expect(() => kernels.batchNormTrain(x, tf.ones<Rank.R1>([4]), three, 1e-5)).toThrow(
    new RangeError('batchNormTrain: scale must be [3] for an input of [1,2,2,3] but got [4]'),
  );
  expect(() =>
    kernels.batchNormInference(x, three, three, three, tf.ones<Rank>([3, 1]) as Tensor1D, 1e-5),
  ).toThrow(
    new RangeError('batchNormInference: variance must be [3] for an input of [1,2,2,3] but got [3,1]'),
  );
});
