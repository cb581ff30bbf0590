import { describe, expect, it } from 'vitest';

import { Rng } from '../../../src/core/rng.js';
import { jensenShannon } from '../../../src/nn/jensen-shannon.js';
import { testEngine } from '../../support/engine.js';

const engine = await testEngine();
const { tf } = engine;

/** The published formula, image by image, in double precision. @param logits [views][n][classes] */
function byHand(logits: readonly (readonly (readonly number[])[])[]): number {
  const softmax = (row: readonly number[]) => {
    const top = Math.max(...row);
    const sum = row.reduce((total, v) => total + Math.exp(v - top), 0);
    return row.map((v) => Math.exp(v - top) / sum);
  };
  const images = logits[0]!.map((_, image) => {
    const views = logits.map((view) => softmax(view[image]!));
    const mean = views[0]!.map((_, k) => views.reduce((sum, p) => sum + p[k]!, 0) / views.length);
    const divergence = (p: readonly number[]) =>
      p.reduce((sum, v, k) => sum + (v === 0 ? 0 : v * Math.log(v / Math.max(1e-7, mean[k]!))), 0);
    return views.reduce((sum, p) => sum + divergence(p), 0) / views.length;
  });
  return images.reduce((a, b) => a + b, 0) / images.length;
}

describe('jensenShannon', () => {
  it.each([2, 3])('is the published formula, for %i views', (views) => {
    const rng = new Rng(1, 'jensen-shannon');
    const values = Array.from({ length: views }, () =>
      Array.from({ length: 4 }, () => Array.from({ length: 6 }, () => 3 * rng.normal())),
    );
    const logits = tf.tensor2d(values.flat());
    const expected = byHand(values);
    expect(expected).toBeGreaterThan(0.1);
    expect(jensenShannon(engine, logits, views).dataSync()[0]).toBeCloseTo(expected, 6);
  });

  it('is 0 for equal answers and log 3 for three certain ones that differ', () => {
    const same = tf.tensor2d([1, 2, 3, 1, 2, 3, 1, 2, 3], [3, 3]);
    expect(jensenShannon(engine, same, 3).dataSync()[0]).toBeCloseTo(0, 6);
    const certain = tf.tensor2d([500, 0, 0, 0, 500, 0, 0, 0, 500], [3, 3]);
    expect(jensenShannon(engine, certain, 3).dataSync()[0]).toBeCloseTo(Math.log(3), 6);
  });

  it('keeps nothing but its result, and a finite gradient where answers are certain', () => {
    const certain = tf.tensor2d([500, 0, 0, 0, 500, 0], [2, 3]);
    const before = tf.memory().numTensors;
    const gradient = tf.tidy(() =>
      tf
        .grad((x) => jensenShannon(engine, x as typeof certain, 2))(certain)
        .dataSync(),
    );
    expect(tf.memory().numTensors).toBe(before);
    expect([...gradient].map(Math.abs)).toEqual([0, 0, 0, 0, 0, 0]);
  });
});
