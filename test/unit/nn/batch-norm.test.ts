import type { Rank } from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';

import { Rng } from '../../../src/core/rng.js';
import { batchNorm } from '../../../src/nn/batch-norm.js';
import { inference, type Mode } from '../../../src/nn/parameter.js';
import { expectClose, numbers } from '../../support/arrays.js';
import { testEngine } from '../../support/engine.js';
import { randomTensor } from '../../support/tensors.js';

const engine = await testEngine();
const { tf } = engine;
const training: Mode = { training: true, dropout: { mask: (n) => new Float32Array(n).fill(1) } };
const shape: [number, number, number, number] = [3, 4, 5, 2];
const count = 60;

const batchOf = (name: string) => {
  const x = randomTensor<Rank.R4>(tf, new Rng(1, name), shape);
  return { x: tf.add(tf.mul(x, 3), tf.tensor1d([5, -1])).reshape<typeof x>(shape), name };
};
const channel = (values: readonly number[], c: number): number[] => values.filter((_, i) => i % 2 === c);
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
const squares = (values: readonly number[]): number => {
  const m = mean(values);
  return values.reduce((sum, v) => sum + (v - m) * (v - m), 0);
};

function make() {
  const layer = batchNorm(engine, 'norm', 2);
  layer.parameters[0]!.variable.assign(tf.tensor1d([2, 0.5]));
  layer.parameters[1]!.variable.assign(tf.tensor1d([-1, 3]));
  return layer;
}

describe('in training', () => {
  it('norms by the mean and the biased variance of the batch', () => {
    const { x } = batchOf('a');
    const values = numbers(x);
    const y = numbers(make().forward(x, training));
    const expected = values.map((value, i) => {
      const all = channel(values, i % 2);
      const normed = (value - mean(all)) / Math.sqrt(squares(all) / count + 1e-5);
      return normed * [2, 0.5][i % 2]! + [-1, 3][i % 2]!;
    });
    expectClose(y, expected, 1e-5);
  });

  it('keeps running <- 0.9 running + 0.1 batch, with the unbiased variance', () => {
    const layer = make();
    const running = { mean: [0, 0], variance: [1, 1] };
    for (const name of ['a', 'b', 'c']) {
      const { x } = batchOf(name);
      layer.forward(x, training);
      const values = numbers(x);
      for (const c of [0, 1]) {
        const all = channel(values, c);
        running.mean[c] = 0.9 * running.mean[c]! + 0.1 * mean(all);
        running.variance[c] = 0.9 * running.variance[c]! + (0.1 * squares(all)) / (count - 1);
      }
    }
    const [runningMean, runningVariance] = layer.buffers.map((b) => numbers(b.variable));
    expectClose(runningMean!, running.mean, 1e-5);
    expectClose(runningVariance!, running.variance, 1e-5);
  });
});

describe('in inference', () => {
  it('norms by the running statistics and leaves them alone', () => {
    const layer = make();
    layer.buffers[0]!.variable.assign(tf.tensor1d([4, -2]));
    layer.buffers[1]!.variable.assign(tf.tensor1d([9, 0.25]));
    const { x } = batchOf('a');
    const y = numbers(layer.forward(x, inference));
    const expected = numbers(x).map((value, i) =>
      i % 2 === 0
        ? ((value - 4) / Math.sqrt(9 + 1e-5)) * 2 - 1
        : ((value + 2) / Math.sqrt(0.25 + 1e-5)) * 0.5 + 3,
    );
    expectClose(y, expected, 1e-5);
    expect(layer.buffers.map((b) => numbers(b.variable))).toEqual([
      [4, -2],
      [9, 0.25],
    ]);
  });

  it('gives an image the same bits alone and in a batch', () => {
    const layer = make();
    const { x } = batchOf('a');
    const whole = numbers(layer.forward(x, inference)).slice(40, 80);
    expect(numbers(layer.forward(tf.slice(x, [1, 0, 0, 0], [1, -1, -1, -1]), inference))).toEqual(whole);
  });
});

it("has PyTorch's names, and starts as PyTorch does", () => {
  const layer = batchNorm(engine, 'features.1', 2);
  const start = [...layer.parameters, ...layer.buffers].map(({ name, variable }) => [
    name,
    numbers(variable),
  ]);
  expect(start).toEqual([
    ['features.1.weight', [1, 1]],
    ['features.1.bias', [0, 0]],
    ['features.1.running_mean', [0, 0]],
    ['features.1.running_var', [1, 1]],
  ]);
});
