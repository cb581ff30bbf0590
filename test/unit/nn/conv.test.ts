import type { Rank } from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';

import { Rng } from '../../../src/core/rng.js';
import { conv } from '../../../src/nn/conv.js';
import { inference } from '../../../src/nn/parameter.js';
import { expectClose, numbers } from '../../support/arrays.js';
import { testEngine } from '../../support/engine.js';
import { naiveConv } from '../../support/naive.js';
import { randomTensor } from '../../support/tensors.js';

const engine = await testEngine();
const { tf } = engine;

describe.each([
  { size: 3, stride: 1, pad: 1 },
  { size: 3, stride: 1, pad: 0 },
  { size: 1, stride: 1, pad: 1 },
  { size: 1, stride: 2, pad: 0 },
  { size: 3, stride: 2, pad: 1 },
])('$size x $size, stride $stride, pad $pad', (geometry) => {
  it.each([
    [6, 6],
    [5, 8],
  ])('equals the plain sum within 1e-5 on %i x %i pixels', (height, width) => {
    const layer = conv(engine, new Rng(1, 'conv'), {
      name: 'c',
      input: 3,
      output: 4,
      bias: true,
      ...geometry,
    });
    const [filter, bias] = layer.parameters;
    bias!.variable.assign(tf.tensor1d([0.5, -1, 2, 0]));
    const x = randomTensor<Rank.R4>(tf, new Rng(2, 'x'), [2, height, width, 3]);
    const expected = [0, 1].map((n) => {
      const data = numbers(x).slice(n * height * width * 3, (n + 1) * height * width * 3);
      return naiveConv({ height, width, channels: 3, data }, numbers(filter!.variable), 4, {
        ...geometry,
        bias: numbers(bias!.variable),
      });
    });
    const y = layer.forward(x, inference);
    expect(y.shape).toEqual([2, expected[0]!.height, expected[0]!.width, 4]);
    expectClose(
      numbers(y),
      expected.flatMap(({ data }) => [...data]),
      1e-5,
    );
  });
});

describe.each([1, 2])('depthwise 3 x 3, stride %i', (stride) => {
  const options = { name: 'c', size: 3, input: 3, output: 3, stride, pad: 1, bias: false, depthwise: true };

  it('equals the plain sum within 1e-5, channel by channel', () => {
    const layer = conv(engine, new Rng(1, 'conv'), options);
    const filter = numbers(layer.parameters[0]!.variable);
    const x = randomTensor<Rank.R4>(tf, new Rng(2, 'x'), [1, 6, 5, 3]);
    const values = numbers(x);
    const y = layer.forward(x, inference);
    const found = numbers(y);
    for (let c = 0; c < 3; c++) {
      const own = (all: readonly number[]) => all.filter((_, i) => i % 3 === c);
      const expected = naiveConv({ height: 6, width: 5, channels: 1, data: own(values) }, own(filter), 1, {
        size: 3,
        stride,
        pad: 1,
      });
      expect(y.shape).toEqual([1, expected.height, expected.width, 3]);
      expectClose(own(found), expected.data, 1e-5);
    }
  });
});

it("a depthwise filter's fan-out is the kernel's area times all channels, as PyTorch counts it", () => {
  const options = { name: 'c', size: 3, input: 600, output: 600, pad: 1, bias: false, depthwise: true };
  const [filter] = conv(engine, new Rng(1, 'conv'), options).parameters;
  expect([filter!.layout, filter!.variable.shape]).toEqual(['depthwise', [3, 3, 600, 1]]);
  const squares = numbers(filter!.variable).reduce((sum, value) => sum + value * value, 0);
  expect(Math.abs(squares / 5400 / (2 / 5400) - 1)).toBeLessThan(0.1); // five standard errors of 5,400 draws
});

it('1 x 1 with padding surrounds the map with the bias alone', () => {
  const layer = conv(engine, new Rng(1, 'conv'), {
    name: 'c',
    size: 1,
    input: 2,
    output: 1,
    pad: 1,
    bias: true,
  });
  layer.parameters[1]!.variable.assign(tf.tensor1d([7]));
  const y = layer.forward(tf.ones<Rank.R4>([1, 2, 2, 2]), inference);
  expect(y.shape).toEqual([1, 4, 4, 1]);
  const [a, b] = numbers(layer.parameters[0]!.variable) as [number, number];
  const inside = Math.fround(Math.fround(a + b) + 7);
  expectClose(numbers(y), [7, 7, 7, 7, 7, inside, inside, 7, 7, inside, inside, 7, 7, 7, 7, 7], 1e-6);
});

it('draws its filter by its name: the same for the same seed, whatever was drawn before', () => {
  const rng = new Rng(3, 'weights');
  const options = { name: 'a', size: 3, input: 2, output: 2, pad: 1, bias: false };
  const first = numbers(conv(engine, rng, options).parameters[0]!.variable);
  rng.uint32();
  expect(numbers(conv(engine, rng, options).parameters[0]!.variable)).toEqual(first);
  expect(numbers(conv(engine, rng, { ...options, name: 'b' }).parameters[0]!.variable)).not.toEqual(first);
});
