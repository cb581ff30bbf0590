import type { Tensor4D } from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';

import { colouring, recoloured, type Colouring } from '../../../../src/baselines/wct2/whitening.js';
import { Rng } from '../../../../src/core/rng.js';
import { expectClose, numbers } from '../../../support/arrays.js';
import { testEngine } from '../../../support/engine.js';

const engine = await testEngine();
const { tf } = engine;

/** Features whose channels go together in part. */
function features(name: string, size: number, channels: number, strength: number): Tensor4D {
  const rng = new Rng(1, name);
  const mixed = Float32Array.from({ length: size * size * channels }, () => strength * rng.normal());
  for (let i = 1; i < mixed.length; i++) mixed[i]! += 0.5 * mixed[i - 1]! + (i % channels);
  return tf.tensor4d(mixed, [1, size, size, channels]);
}

/** Mean and covariance of features, row by row. */
function statistics(map: Tensor4D): { mean: number[]; covariance: number[] } {
  const channels = map.shape[3];
  const x = tf.reshape(map, [-1, channels]);
  const mean = tf.mean(x, 0);
  const centred = tf.sub(x, mean);
  const covariance = tf.div(tf.matMul(centred, centred, true), x.shape[0] - 1);
  return { mean: numbers(mean), covariance: numbers(covariance) };
}

const white = (channels: number): Colouring => ({ mean: tf.zeros([channels]), root: tf.eye(channels) });

describe.each([
  { name: 'with more places than channels', size: 6, channels: 5 },
  { name: 'with more channels than places', size: 3, channels: 20 },
])('whitening and colouring $name', ({ size, channels }) => {
  it('give features back their own style', () => {
    const own = features('own', size, channels, 30);
    expectClose(numbers(recoloured(engine, own, colouring(engine, own))), numbers(own), 1e-4);
  });

  it('give features nothing beyond their own range', () => {
    const own = features('own', size, channels, 1);
    const strong = colouring(engine, features('other', size, channels, 100));
    const found = numbers(recoloured(engine, own, strong));
    const [low, high] = [Math.min(...numbers(own)), Math.max(...numbers(own))];
    expect(Math.min(...found)).toBeCloseTo(low, 5);
    expect(Math.max(...found)).toBeCloseTo(high, 5);
  });

  it('take the square root of 1 + covariance', () => {
    const style = features('style', size, channels, 3);
    const { root } = colouring(engine, style);
    const identity = numbers(tf.eye(channels));
    const expected = statistics(style).covariance.map((value, i) => value + identity[i]!);
    expectClose(numbers(tf.matMul(root, root)), expected, 1e-4);
  });
});

describe('recoloured', () => {
  it('whitens: the covariance becomes the identity, but for the 1 that is added to it', () => {
    const strong = features('own', 12, 4, 1000);
    const { mean, covariance } = statistics(recoloured(engine, strong, white(4)));
    expectClose(mean, [0, 0, 0, 0], 1e-4);
    expectClose(covariance, numbers(tf.eye(4)), 1e-4);
  });

  it('gives the mean and the covariance of another', () => {
    const style = features('style', 8, 4, 100);
    const found = statistics(recoloured(engine, features('own', 12, 4, 1000), colouring(engine, style)));
    const wanted = statistics(style);
    const scale = Math.max(...wanted.covariance);
    expectClose(found.mean, wanted.mean, 1e-3);
    expectClose(
      found.covariance.map((value) => value / scale),
      wanted.covariance.map((value) => value / scale),
      1e-3,
    );
  });

  it('refuses features of two images', () => {
    expect(() => colouring(engine, tf.zeros([2, 4, 4, 3]))).toThrow(
      new RangeError('whitening: features must be of one image but got [2,4,4,3]'),
    );
  });
});
