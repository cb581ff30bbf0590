import { expect, test } from 'vitest';

import { Rng } from '../../../../src/core/rng.js';
import { pickSamples } from '../../../../src/report/index.js';
import { evaluation, type Row } from '../evaluations.js';

const mended = (image: number): Row => [image, 1, 0, 1, 0];
const missed = (image: number): Row => [image, 1, 0, 1, 2];
const broken = (image: number): Row => [image, 1, 0, 0, 1];
const kept = (image: number): Row => [image, 1, 0, 0, 0];

test('groups by what became of the answers, all of a small group', () => {
  const noisy = [mended(0), kept(1), missed(2), broken(3), mended(4), kept(5)];
  expect(pickSamples(evaluation({ noisy }), new Rng(1, 'samples'))).toEqual([
    { group: 'repaired', groupSize: 2, indices: [0, 4] },
    { group: 'not-repaired', groupSize: 1, indices: [2] },
    { group: 'broken', groupSize: 1, indices: [3] },
  ]);
});

test('eight of a large group at random, the same for the same seed', () => {
  const noisy = Array.from({ length: 200 }, (_, i) => (i % 2 === 0 ? mended(i) : kept(i)));
  const of = (seed: number) => pickSamples(evaluation({ noisy }), new Rng(seed, 'samples'))[0]!;
  const { groupSize, indices } = of(1);
  expect([groupSize, indices.length, new Set(indices).size]).toEqual([100, 8, 8]);
  expect(indices.every((i) => i % 2 === 0)).toBe(true);
  expect([...indices].sort((a, b) => a - b)).toEqual(indices);
  expect(of(1).indices).toEqual(indices);
  expect(of(2).indices).not.toEqual(indices);
});
