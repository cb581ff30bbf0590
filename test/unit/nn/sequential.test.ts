import type { Rank, Tensor4D } from '@tensorflow/tfjs';
import { expect, it } from 'vitest';

import { inference, type Layer } from '../../../src/nn/parameter.js';
import { sequential } from '../../../src/nn/sequential.js';
import { numbers } from '../../support/arrays.js';
import { testEngine } from '../../support/engine.js';

const engine = await testEngine();
const { tf } = engine;
const layer = (forward: (x: Tensor4D) => Tensor4D): Layer<Tensor4D> => ({
  parameters: [],
  buffers: [],
  forward,
});
const plus = (value: number) => layer((x) => tf.add(x, value));
const input = () => tf.tensor<Rank.R4>([1, 2], [1, 1, 1, 2]);

it('runs layers in their order', () => {
  const layers = sequential(engine, [plus(1), layer((x) => tf.mul(x, 10)), plus(3)]);
  expect(numbers(layers.forward(input(), inference))).toEqual([23, 33]);
});

it('frees every map but its input and its output, and what layers make inside', () => {
  const wasteful = layer((x) => tf.sub(tf.add(x, 5), tf.tensor1d([1, 2])));
  const seen: number[] = [];
  const watch = layer((x) => {
    seen.push(tf.memory().numTensors);
    return tf.neg(x);
  });
  const x = input();
  const before = tf.memory().numTensors;
  const y = sequential(engine, [wasteful, watch, wasteful, watch]).forward(x, inference);
  expect(seen).toEqual([before + 1, before + 1]);
  expect(tf.memory().numTensors).toBe(before + 1);
  tf.dispose([x, y]);
});

it('passes on a map that a layer gives back, and its input untouched where all do', () => {
  const same = layer((x) => x);
  const x = input();
  expect(sequential(engine, [same, same]).forward(x, inference)).toBe(x);
  expect(numbers(sequential(engine, [same, plus(1), same, plus(1)]).forward(x, inference))).toEqual([3, 4]);
  expect(numbers(x)).toEqual([1, 2]);
});

it('keeps for a gradient what it frees', () => {
  const square = layer((x) => tf.square(x));
  const slope = tf.grad((x) =>
    sequential(engine, [square, plus(1), square]).forward(x as Tensor4D, inference),
  )(input());
  expect(numbers(slope)).toEqual([8, 40]); // (x^2 + 1)^2 has the slope 4 x (x^2 + 1)
});
