import { expect, test } from 'vitest';

import { Rng } from '../../../src/core/rng.js';
import {
  accuracyDraws,
  bootstrapAccuracies,
  differenceDraws,
  measures,
} from '../../../src/report/accuracy.js';
import { evaluation, type Row } from './evaluations.js';

const clean = [
  [0, 0, 0],
  [1, 1, 0],
  [2, 0, 2],
] as const;
// D_s are rows 0 to 2, of which one is mended; of the two right ones, one is broken.
const noisy: Row[] = [
  [0, 1, 0, 1, 0],
  [0, 2, 0, 1, 1],
  [1, 1, 1, 2, 0],
  [1, 3, 1, 1, 1],
  [2, 5, 2, 2, 1],
];
const rng = (): Rng => new Rng(1, 'test');

test('the observed accuracies of a handful of samples', () => {
  const accuracies = bootstrapAccuracies([evaluation({ noisy, clean })], rng(), 10);
  const observed = measures.map(
    (measure) => accuracyDraws(accuracies, 'patchnas', ['fog'], measure).get(0)![0],
  );
  expect(observed).toEqual([1 / 3, 1 / 2, 2 / 5, 2 / 3, 4 / 8]);
});

test('resamples draw whole base images', () => {
  const accuracies = bootstrapAccuracies([evaluation({ noisy, clean })], rng(), 200);
  const draws = accuracyDraws(accuracies, 'patchnas', ['fog'], 'heldOut').get(0)!;
  // Image 0 brings two failures, one mended; image 1 brings one failure, not mended.
  // Without either there is nothing to be right about.
  const found = [...new Set(draws)].sort();
  expect(found).toEqual([0, 1 / 4, 1 / 3, 2 / 5, 1 / 2, NaN]);
});

test('a method less itself is 0 in every resample', () => {
  const one = evaluation({ noisy, clean });
  const accuracies = bootstrapAccuracies([one, { ...one, method: 'twin' }], rng(), 50);
  const [difference] = differenceDraws(accuracies, ['patchnas', 'twin'], ['fog'], 'combined');
  expect([...difference!]).toEqual(new Array(51).fill(0));
});

test('an average over environments leaves out repeats that lack one of them', () => {
  const evaluations = [
    evaluation({ noisy, clean }),
    evaluation({ noisy: noisy.slice(0, 2), clean, environment: 'snow' }),
    evaluation({ noisy, clean, repeat: 1 }),
  ];
  const accuracies = bootstrapAccuracies(evaluations, rng(), 5);
  const draws = accuracyDraws(accuracies, 'patchnas', ['fog', 'snow'], 'heldOut');
  expect([...draws.keys()]).toEqual([0]);
  expect(draws.get(0)![0]).toBeCloseTo((1 / 3 + 1 / 2) / 2, 12);
});

test('the order of the evaluations does not matter', () => {
  const list = [evaluation({ noisy, clean }), evaluation({ noisy, clean, method: 'other', repeat: 1 })];
  const draws = (evaluations: typeof list): Float64Array =>
    accuracyDraws(bootstrapAccuracies(evaluations, rng(), 20), 'other', ['fog'], 'noisy').get(1)!;
  expect(draws(list)).toEqual(draws([...list].reverse()));
});
