import type { Rank } from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';

import { Rng } from '../../../src/core/rng.js';
import { dropout, dropoutFrom } from '../../../src/nn/dropout.js';
import { inference } from '../../../src/nn/parameter.js';
import { numbers } from '../../support/arrays.js';
import { testEngine } from '../../support/engine.js';
import { randomTensor } from '../../support/tensors.js';

const engine = await testEngine();
const source = (name = 'a') => dropoutFrom(new Rng(0, name));

describe('masks', () => {
  it.each([0.5, 0.2, 0.9])('drop with probability %f and scale the rest by 1 / (1 - p)', (p) => {
    const mask = source().mask(100_001, p);
    const kept = Math.fround(1 / (1 - p));
    expect(new Set(mask)).toEqual(new Set([0, kept]));
    const share = mask.filter((value) => value === 0).length / mask.length;
    // 4.5 standard deviations of 100,001 draws, beside the 1/65536 to which p is met.
    expect(Math.abs(share - p)).toBeLessThan(4.5 * Math.sqrt((p * (1 - p)) / 100_001) + 1 / 65536);
  });

  it('keep everything where p is 0', () => {
    expect(source().mask(5, 0)).toEqual(Float32Array.of(1, 1, 1, 1, 1));
  });

  it('are the same for the same stream, call by call, and differ between calls and streams', () => {
    const [a, b] = [source(), source()];
    const first = a.mask(64, 0.5);
    expect(b.mask(64, 0.5)).toEqual(first);
    const second = a.mask(64, 0.5);
    expect(second).not.toEqual(first);
    expect(b.mask(64, 0.5)).toEqual(second);
    expect(source('b').mask(64, 0.5)).not.toEqual(first);
  });

  it('drop neighbours independently of each other', () => {
    const mask = source().mask(40_000, 0.5);
    const both = Array.from({ length: 20_000 }, (_, i) => mask[2 * i]! > 0 && mask[2 * i + 1]! > 0);
    const share = both.filter(Boolean).length / 20_000;
    expect(Math.abs(share - 0.25)).toBeLessThan(4.5 * Math.sqrt((0.25 * 0.75) / 20_000));
  });
});

describe('the layer', () => {
  const x = randomTensor<Rank.R4>(engine.tf, new Rng(1, 'x'), [2, 3, 3, 2]);
  const layer = dropout(engine, 0.5);

  it('multiplies by the mask in training', () => {
    const y = numbers(layer.forward(x, { training: true, dropout: source() }));
    const mask = source().mask(36, 0.5);
    expect(y).toEqual(numbers(x).map((value, i) => Math.fround(value * mask[i]!)));
  });

  it('does nothing in inference', () => {
    expect(layer.forward(x, inference)).toBe(x);
  });
});
