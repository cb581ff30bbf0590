import { expect, test } from 'vitest';

import { evaluationsOf, scopesOf, spreadOver } from '../../../src/report/scopes.js';
import { environment, evaluation } from './evaluations.js';

const names = (...environments: Parameters<typeof scopesOf>[0]): string[] =>
  scopesOf(environments).map((scope) => `${scope.name} ${scope.kind}${scope.isSeen ? ' seen' : ''}`);

test('averages are over single noises; one of them without the noises that the defaults were chosen on', () => {
  const scopes = scopesOf([
    environment('gaussian_noise'),
    environment('fog'),
    environment('snow'),
    environment('contrast', 'snow'),
  ]);
  expect(scopes).toEqual([
    { name: 'gaussian_noise', kind: 'noise', environments: ['gaussian_noise'], isSeen: true },
    { name: 'fog', kind: 'noise', environments: ['fog'], isSeen: false },
    { name: 'snow', kind: 'noise', environments: ['snow'], isSeen: false },
    { name: 'contrast+snow', kind: 'mixture', environments: ['contrast+snow'], isSeen: true },
    { name: 'average', kind: 'average', environments: ['gaussian_noise', 'fog', 'snow'], isSeen: true },
    { name: 'average-unseen', kind: 'average', environments: ['fog', 'snow'], isSeen: false },
  ]);
});

test('no average of one environment, and no average-unseen that would be the same or empty', () => {
  expect(names(environment('fog'))).toEqual(['fog noise']);
  expect(names(environment('fog'), environment('snow'))).toEqual([
    'fog noise',
    'snow noise',
    'average average',
  ]);
  expect(names(environment('gaussian_noise'), environment('contrast'))).toEqual([
    'gaussian_noise noise seen',
    'contrast noise seen',
    'average average seen',
  ]);
});

test('a figure is averaged over environments, then spread over the repeats that have them all', () => {
  const scope = scopesOf([environment('fog'), environment('snow')])[2]!;
  const sized = (name: string, repeat: number, triggered: number): ReturnType<typeof evaluation> =>
    evaluation({
      environment: name,
      repeat,
      samples: { failures: 0, triggered, trainingSet: 10 },
    });
  const evaluations = [sized('fog', 1, 6), sized('snow', 1, 8), sized('fog', 0, 1), sized('snow', 0, 3)];
  const repeats = evaluationsOf([...evaluations, sized('fog', 2, 99)], 'patchnas', scope);
  expect(repeats.map((list) => list[0]!.repeat)).toEqual([0, 1]);
  expect(spreadOver(repeats, ({ samples }) => samples.triggered)).toEqual({
    mean: 4.5,
    sd: Math.sqrt(12.5),
    repeats: 2,
  });
});
