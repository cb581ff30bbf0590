import { expect, it } from 'vitest';

import { Rng } from '../../../src/core/rng.js';
import { cycle } from '../../../src/nn/cycle.js';

it('draws every number once in each round, in an order of its own', () => {
  const draw = cycle(new Rng(1, 'cycle'), 7);
  const drawn = [3, 5, 1, 12, 7].flatMap((size) => draw(size));
  expect(drawn.length).toBe(28);
  const rounds = [0, 7, 14, 21].map((from) => drawn.slice(from, from + 7));
  for (const round of rounds) expect([...round].sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(new Set(rounds.map((round) => round.join())).size).toBe(4);
});

it('draws the same in pieces of any size', () => {
  const [one, other] = [cycle(new Rng(1, 'cycle'), 5), cycle(new Rng(1, 'cycle'), 5)];
  expect([...one(4), ...one(4), ...one(4)]).toEqual(other(12));
});

it('draws more than there are', () => {
  expect(cycle(new Rng(1, 'cycle'), 1)(3)).toEqual([0, 0, 0]);
});
