import type { Rank, Tensor } from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';

import { Rng } from '../../../../src/core/rng.js';
import { testEngine } from '../../../support/engine.js';
import { randomTensor } from '../../../support/tensors.js';

const { tf, kernels } = await testEngine();

const cases = [3, 5].flatMap((size) =>
  [1, 2].flatMap((stride) => [0, 1, 2].flatMap((pad) => [8, 9].map((side) => ({ size, stride, pad, side })))),
);

/** tf.js's own way to symmetric padding. */
function padded(x: Tensor<Rank.R4>, pad: number): Tensor<Rank.R4> {
  return tf.pad4d(x, [
    [0, 0],
    [pad, pad],
    [pad, pad],
    [0, 0],
  ]);
}

function expectClose(actual: Tensor, expected: Tensor): void {
  expect(actual.shape).toEqual(expected.shape);
  expect(actual.sub(expected).abs().max().dataSync()[0]).toBeLessThan(1e-4);
}

describe('equal to padding with zeros first', () => {
  test.each(cases)(
    'conv2d $size x $size, stride $stride, pad $pad, side $side',
    ({ size, stride, pad, side }) => {
      const rng = new Rng(1, `conv/${[size, stride, pad, side].join('/')}`);
      const x = randomTensor<Rank.R4>(tf, rng, [2, side, side, 4]);
      const filter = randomTensor<Rank.R4>(tf, rng, [size, size, 4, 5]);
      const plain = (a: Tensor, w: Tensor): Tensor =>
        tf.conv2d(padded(a as typeof x, pad), w as typeof x, stride, 'valid');
      const own = (a: Tensor, w: Tensor): Tensor => kernels.conv2d(a as typeof x, w as typeof x, stride, pad);
      expectClose(own(x, filter), plain(x, filter));
      const upstream = randomTensor<Rank.R4>(tf, rng, own(x, filter).shape as typeof x.shape);
      const [ownGradients, plainGradients] = [own, plain].map((f) => tf.grads(f)([x, filter], upstream));
      ownGradients!.forEach((gradient, i) => expectClose(gradient, plainGradients![i]!));
    },
  );

  test.each(cases)(
    'depthwise $size x $size, stride $stride, pad $pad, side $side',
    ({ size, stride, pad, side }) => {
      const rng = new Rng(1, `depthwise/${[size, stride, pad, side].join('/')}`);
      const x = randomTensor<Rank.R4>(tf, rng, [2, side, side, 4]);
      const filter = randomTensor<Rank.R4>(tf, rng, [size, size, 4, 1]);
      expectClose(
        kernels.depthwiseConv2d(x, filter, stride, pad),
        tf.depthwiseConv2d(padded(x, pad), filter, stride, 'valid'),
      );
    },
  );
});

test('stride 2 on an even side starts at the padding, as in PyTorch and unlike SAME', () => {
  const x = tf.tensor4d([1, 2, 3, 4], [1, 1, 4, 1]);
  const filter = tf.tensor4d([1, 10, 100], [1, 3, 1, 1]);
  const rows = kernels.conv2d(tf.concat([x, x, x], 1), tf.concat([filter, filter, filter], 0), 2, 1);
  expect([...rows.slice([0, 0, 0, 0], [1, 1, 2, 1]).dataSync()]).toEqual([2 * 210, 2 * 432]);
});

describe('mistakes', () => {
  const x = tf.ones<Rank.R4>([1, 4, 4, 3]);
  const wrong = (f: () => unknown, message: string): void => {
    expect(f).toThrow(new RangeError(message));
  };

  test('a filter for another number of channels', () => {
    wrong(
      () => kernels.conv2d(x, tf.ones<Rank.R4>([3, 3, 4, 8]), 1, 1),
      'conv2d: filter must be [height, width, 3, out] for an input of [1,4,4,3] but got [3,3,4,8]',
    );
    wrong(
      () => kernels.depthwiseConv2d(x, tf.ones<Rank.R4>([3, 3, 3, 2]), 1, 1),
      'depthwiseConv2d: filter must be [height, width, 3, 1] for an input of [1,4,4,3] but got [3,3,3,2]',
    );
  });

  test('an input without batch', () => {
    wrong(
      () => kernels.conv2d(tf.ones<Rank>([4, 4, 3]) as typeof x, tf.ones<Rank.R4>([3, 3, 3, 8]), 1, 1),
      'conv2d: input must be [batch, height, width, channels] but got [4,4,3]',
    );
  });

  test('a stride or pad that is none, and a window larger than the image', () => {
    const filter = tf.ones<Rank.R4>([3, 3, 3, 8]);
    wrong(() => kernels.conv2d(x, filter, 0, 1), 'conv2d: stride must be a whole number from 1 but got 0');
    wrong(() => kernels.conv2d(x, filter, 1, -1), 'conv2d: pad must be a whole number from 0 but got -1');
    wrong(
      () => kernels.conv2d(tf.ones<Rank.R4>([1, 2, 4, 3]), filter, 1, 0),
      'conv2d: a window of 3x3 does not fit into [1,2,4,3] with padding 0',
    );
  });
});
