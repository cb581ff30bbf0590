import { expect, test } from 'vitest';

import { Rng } from '../../../src/core/rng.js';
import { bootstrapAccuracies } from '../../../src/report/accuracy.js';
import { bestMethod } from '../../../src/report/best.js';
import { evaluation, type Row } from './evaluations.js';

const images = 40;

/** Failures of as many base images, of which the method mends those that are told. */
function answers(method: string, isMended: (image: number) => boolean, repeat = 0, environment = 'fog') {
  const noisy = Array.from({ length: images }, (_, image): Row => [image, 1, 0, 1, isMended(image) ? 0 : 1]);
  const clean = Array.from({ length: images }, () => [0, 0, 0] as const);
  return evaluation({ method, environment, repeat, noisy, clean });
}

const best = (evaluations: ReturnType<typeof answers>[], names: string[], environments = ['fog']) =>
  bestMethod(bootstrapAccuracies(evaluations, new Rng(1, 'test'), 400), names, environments, 'heldOut');

test('the method that is above every other by more than chance', () => {
  const evaluations = [
    answers('weak', (image) => image < 10),
    answers('strong', (image) => image < 30),
    answers('middle', (image) => image < 20),
  ];
  expect(best(evaluations, ['weak', 'strong', 'middle'])).toBe('strong');
});

test('none where the first is above the second by chance only', () => {
  const evaluations = [
    answers('weak', (image) => image < 10),
    answers('first', (image) => image < 21),
    answers('second', (image) => image >= 20),
  ];
  expect(best(evaluations, ['weak', 'first', 'second'])).toBeUndefined();
});

test('the test is paired: a small gain on the same images counts where a large unpaired one may not', () => {
  const gain = [
    answers('some', (image) => image % 2 === 0),
    answers('more', (image) => image % 2 === 0 || image < 12),
  ];
  expect(best(gain, ['some', 'more'])).toBe('more');
  const other = [answers('some', (image) => image < 20), answers('more', (image) => image >= 14)];
  expect(best(other, ['some', 'more'])).toBeUndefined(); // as many more, but on other images
});

test('equals, and a method without company', () => {
  const same = [answers('a', (image) => image < 20), answers('b', (image) => image < 20)];
  expect(best(same, ['a', 'b'])).toBeUndefined();
  expect(best(same, ['a'])).toBeUndefined();
});

test('in an average: the mean over the environments decides', () => {
  const evaluations = [
    answers('a', (image) => image < 30),
    answers('b', (image) => image < 10),
    answers('a', (image) => image < 10, 0, 'snow'),
    answers('b', (image) => image < 12, 0, 'snow'),
  ];
  expect(best(evaluations, ['a', 'b'], ['snow'])).toBeUndefined();
  expect(best(evaluations, ['a', 'b'], ['fog', 'snow'])).toBe('a');
});
