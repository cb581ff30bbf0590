import { describe, expect, it } from 'vitest';

import { Rng } from '../../../src/core/rng.js';
import { crossValidate, foldsOf } from '../../../src/repair/cross-validation.js';

const sizesOf = (folds: Uint8Array, count: number): number[] =>
  Array.from({ length: count }, (_, fold) => folds.filter((f) => f === fold).length);

describe('foldsOf', () => {
  it('deals samples of different groups evenly, by the stream', () => {
    const groups = Array.from({ length: 10 }, (_, n) => n);
    const folds = foldsOf(groups, 4, new Rng(1, 'folds'));
    expect(sizesOf(folds, 4)).toEqual([3, 3, 2, 2]);
    expect(foldsOf(groups, 4, new Rng(1, 'folds'))).toEqual(folds);
    expect(foldsOf(groups, 4, new Rng(2, 'folds'))).not.toEqual(folds);
  });

  it.each([0, 1, 2, 3, 4])('keeps samples of a group together (seed %i)', (seed) => {
    const groups = [7, 7, 7, 3, 3, 9, 1, 1, 1, 1, 4, 5];
    const folds = foldsOf(groups, 3, new Rng(seed, 'folds'));
    for (const group of new Set(groups))
      expect(new Set([...folds].filter((_, n) => groups[n] === group)).size).toBe(1);
    expect(sizesOf(folds, 3).every((size) => size > 0)).toBe(true);
  });

  it('makes as many folds as there are groups where those are fewer', () => {
    expect([...foldsOf([5, 5, 8], 4, new Rng(1, 'folds'))].sort()).toEqual(expect.arrayContaining([0, 1]));
  });

  it('refuses what cannot be split', () => {
    const message = (groups: number[], count: number) => () => foldsOf(groups, count, new Rng(1, 'folds'));
    expect(message([4, 4], 4)).toThrow('cross-validation: 4 folds of 1 groups; at least 2 are needed');
    expect(message([4, 5], 1)).toThrow('cross-validation: 1 folds of 2 groups; at least 2 are needed');
  });
});

describe('crossValidate', () => {
  const folds = Uint8Array.of(0, 1, 0, 2, 1);

  it('judges every candidate on each fold by what was learned from the others', async () => {
    const seen: unknown[] = [];
    await crossValidate(['a', 'b'], folds, (candidate, learned, others, fold) => {
      seen.push([candidate, fold, learned, others]);
      return Promise.resolve(0);
    });
    const each = (name: string) => [
      [name, 0, [1, 3, 4], [0, 2]],
      [name, 1, [0, 2, 3], [1, 4]],
      [name, 2, [0, 1, 2, 4], [3]],
    ];
    expect(seen).toEqual([...each('a'), ...each('b')]);
  });

  it('chooses the highest sum over the folds, the first on a tie', async () => {
    const scores = [
      [1, 0, 1],
      [2, 1, 0],
      [0, 2, 1],
    ];
    const done = await crossValidate([0, 1, 2], folds, (k, _learned, _others, fold) =>
      Promise.resolve(scores[k]![fold]!),
    );
    expect(done).toEqual({ chosen: 1, scores });
  });
});
