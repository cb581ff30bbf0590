import type { Tensor4D } from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';

import { wavePool, waveUnpool } from '../../../../src/baselines/wct2/haar.js';
import { Rng } from '../../../../src/core/rng.js';
import { expectClose, numbers } from '../../../support/arrays.js';
import { testEngine } from '../../../support/engine.js';

const engine = await testEngine();
const { tf } = engine;
const rng = new Rng(1, 'map');
const map: Tensor4D = tf.tensor4d(
  Float32Array.from({ length: 2 * 6 * 4 * 3 }, () => rng.normal()),
  [2, 6, 4, 3],
);
const pool = wavePool(engine, 'pool1', 3);
const unpool = waveUnpool(engine, 'recon_block1', 3);

describe('wavePool and waveUnpool', () => {
  it('split a square of four pixels into its sum, its differences along rows and columns, and both', () => {
    const square = tf.tensor4d([1, 2, 5, 10], [1, 2, 2, 1]);
    const bands = wavePool(engine, 'pool1', 1).split(square).map(numbers);
    expect(bands).toEqual([[9], [3], [6], [2]]);
  });

  it('give a map back whose bands are untouched', () => {
    const [low, ...high] = unpool.spread(pool.split(map));
    const sum = high.reduce((all, band) => tf.add<Tensor4D>(all, band), low);
    expectClose(numbers(sum), numbers(map), 1e-6);
  });

  it('keep the sum of squares', () => {
    const squares = pool.split(map).map((band) => numbers(tf.sum(tf.square(band)))[0]!);
    const expected = numbers(tf.sum(tf.square(map)))[0]!;
    expect(squares.reduce((a, b) => a + b, 0) / expected).toBeCloseTo(1, 5);
  });

  it('have the filters of the published weights, under their names', () => {
    expect(pool.buffers.map(({ name }) => name)).toEqual(
      ['LL', 'LH', 'HL', 'HH'].map((band) => `pool1.${band}.weight`),
    );
    expect(unpool.buffers.map(({ name }) => name)[3]).toBe('recon_block1.HH.weight');
  });
});
