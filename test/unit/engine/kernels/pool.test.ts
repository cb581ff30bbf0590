import type { Rank, Tensor } from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';

import { Rng } from '../../../../src/core/rng.js';
import { expectClose, numbers } from '../../../support/arrays.js';
import { testEngine } from '../../../support/engine.js';
import { randomTensor } from '../../../support/tensors.js';

const { tf, kernels } = await testEngine();
// prettier-ignore
const x = tf.tensor4d([
  -1, -2, -3, -4,
  -5, -6, -7, -8,
  -9, -10, -11, -12,
  -13, -14, -15, -16,
], [1, 4, 4, 1]);

function rows(t: { squeeze(axes: number[]): { arraySync(): unknown } }): unknown {
  return t.squeeze([0, 3]).arraySync();
}

describe('maxPool: padding never wins, not even over negative pixels', () => {
  test.each([
    {
      size: 2,
      stride: 2,
      pad: 0,
      expected: [
        [-1, -3],
        [-9, -11],
      ],
    },
    {
      size: 3,
      stride: 2,
      pad: 1,
      expected: [
        [-1, -2],
        [-5, -6],
      ],
    },
    {
      size: 3,
      stride: 3,
      pad: 1,
      expected: [
        [-1, -3],
        [-9, -11],
      ],
    },
  ])('$size x $size, stride $stride, pad $pad', ({ size, stride, pad, expected }) => {
    expect(rows(kernels.maxPool(x, size, stride, pad))).toEqual(expected);
  });

  test('stride 1 keeps the size', () => {
    expect(rows(kernels.maxPool(x, 3, 1, 1))).toEqual([
      [-1, -1, -2, -3],
      [-1, -1, -2, -3],
      [-5, -5, -6, -7],
      [-9, -9, -10, -11],
    ]);
  });

  test.each([
    [1, 3],
    [9, 3],
    [15, 5],
    [16, 3],
  ])(
    'of %i channels, window %i, is the largest pixel of each window, and its gradient goes there',
    (channels, size) => {
      const shape = [2, 5, 6, channels] as const;
      const rng = new Rng(channels, 'maps');
      const map = randomTensor<Rank.R4>(tf, rng, [...shape]);
      const slopes = randomTensor<Rank.R4>(tf, rng.child('slopes'), [...shape]);
      const values = map.arraySync();
      const dys = slopes.arraySync();
      const expected = tf.zerosLike(map).arraySync();
      const gradient = tf.zerosLike(map).arraySync();
      const reach = (size - 1) / 2;
      for (let n = 0; n < 2; n++)
        for (let y = 0; y < 5; y++)
          for (let column = 0; column < 6; column++)
            for (let c = 0; c < channels; c++) {
              let best: [number, number] = [y, column];
              for (let i = Math.max(0, y - reach); i <= Math.min(4, y + reach); i++)
                for (let j = Math.max(0, column - reach); j <= Math.min(5, column + reach); j++)
                  if (values[n]![i]![j]![c]! > values[n]![best[0]]![best[1]]![c]!) best = [i, j];
              expected[n]![y]![column]![c] = values[n]![best[0]]![best[1]]![c]!;
              gradient[n]![best[0]]![best[1]]![c]! += dys[n]![y]![column]![c]!;
            }
      const pool = (t: Tensor) => kernels.maxPool(t as typeof map, size, 1, reach);
      expect(pool(map).arraySync()).toEqual(expected);
      const found = tf.grad(pool)(map, slopes);
      expectClose(numbers(found), gradient.flat(3), 1e-6);
    },
  );

  test('the gradient of a tie goes to the first of the equals', () => {
    const ties = tf.zeros<Rank.R4>([1, 2, 2, 1]);
    const gradient = tf.grad((t) => kernels.maxPool(t as typeof ties, 2, 2, 0))(
      ties,
      tf.fill([1, 1, 1, 1], 3),
    );
    expect([...gradient.dataSync()]).toEqual([3, 0, 0, 0]);
  });
});

describe('avgPool: padding does not count', () => {
  test.each([
    {
      size: 2,
      stride: 2,
      pad: 0,
      expected: [
        [-3.5, -5.5],
        [-11.5, -13.5],
      ],
    },
    {
      size: 3,
      stride: 2,
      pad: 1,
      expected: [
        [-3.5, -5],
        [-9.5, -11],
      ],
    },
    {
      size: 3,
      stride: 3,
      pad: 1,
      expected: [
        [-3.5, -5.5],
        [-11.5, -13.5],
      ],
    },
  ])('$size x $size, stride $stride, pad $pad', ({ size, stride, pad, expected }) => {
    const close = expected.map((row) => row.map((value) => expect.closeTo(value, 5) as number));
    expect(rows(kernels.avgPool(x, size, stride, pad))).toEqual(close);
  });

  test('a constant image stays constant under every padding', () => {
    for (const pad of [0, 1, 2]) {
      const means = kernels.avgPool(tf.fill([2, 5, 6, 3], 7), 3, 1, pad).dataSync();
      expect(Math.max(...means) - 7).toBeCloseTo(0, 5);
      expect(Math.min(...means) - 7).toBeCloseTo(0, 5);
    }
  });
});

test('a window that could lie in the padding alone is refused', () => {
  for (const pool of ['maxPool', 'avgPool'] as const)
    expect(() => kernels[pool](x, 2, 1, 2)).toThrow(
      new RangeError(`${pool}: pad must be below the window's size 2 but got 2`),
    );
});
