import { describe, expect, it } from 'vitest';

import { Rng } from '../../../src/core/rng.js';
import { gather, labelTensor, pieces, rows, rowSize, toTensor } from '../../../src/nn/batch.js';
import { numbers } from '../../support/arrays.js';
import { testEngine } from '../../support/engine.js';
import { randomImages } from '../../support/images.js';

const engine = await testEngine();
const images = randomImages(new Rng(1, 'images'), 5, 2, 3);
const image = (n: number) => [...images.data.subarray(n * 18, (n + 1) * 18)];

it('rowSize is the numbers of one row', () => {
  expect(rowSize(images)).toBe(18);
  expect(rowSize({ shape: [7], data: new Uint8Array(7) })).toBe(1);
});

describe('gather', () => {
  it('takes rows in any order, repeated or none', () => {
    const taken = gather(images, [3, 0, 3]);
    expect(taken.shape).toEqual([3, 2, 3, 3]);
    expect([...taken.data]).toEqual([...image(3), ...image(0), ...image(3)]);
    expect(gather(images, [])).toEqual({ shape: [0, 2, 3, 3], data: new Uint8Array() });
  });
});

describe('rows', () => {
  it('shows a range without a copy', () => {
    const seen = rows(images, 1, 3);
    expect(seen.shape).toEqual([2, 2, 3, 3]);
    expect([...seen.data]).toEqual([...image(1), ...image(2)]);
    expect(seen.data.buffer).toBe(images.data.buffer);
  });
});

describe('toTensor', () => {
  it('is (value / 255 - mean) / std for each channel, in float32', () => {
    const normalisation = { mean: [0.5, 0.25, 0.1], std: [0.5, 0.2, 2] };
    const x = toTensor(engine, images, normalisation);
    expect(x.shape).toEqual([5, 2, 3, 3]);
    expect(x.dtype).toBe('float32');
    const { mean, std } = normalisation;
    const expected = [...images.data].map((v, i) => Math.fround((v / 255 - mean[i % 3]!) / std[i % 3]!));
    expect(numbers(x)).toEqual(expected);
  });

  it('brings 0 and 255 to -1 and 1 with 0.5 / 0.5', () => {
    const ends = { shape: [1, 1, 1, 2], data: Uint8Array.of(0, 255) };
    expect(numbers(toTensor(engine, ends, { mean: [0.5, 0.5], std: [0.5, 0.5] }))).toEqual([-1, 1]);
  });
});

it('labelTensor is int32', () => {
  const labels = labelTensor(engine, Uint8Array.of(3, 0, 9));
  expect([labels.dtype, labels.shape, numbers(labels)]).toEqual(['int32', [3], [3, 0, 9]]);
});

describe('pieces', () => {
  it.each([
    [0, 4, []],
    [3, 4, [[0, 3]]],
    [
      8,
      4,
      [
        [0, 4],
        [4, 8],
      ],
    ],
    [
      9,
      4,
      [
        [0, 4],
        [4, 8],
        [8, 9],
      ],
    ],
  ])('of %i by %i are %j', (count, size, expected) => {
    expect([...pieces(count, size)]).toEqual(expected);
  });
});
