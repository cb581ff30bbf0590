import { expect, test } from 'vitest';

import { Rng } from '../../../src/core/rng.js';
import { searchReport, type SearchRecord } from '../../../src/report/index.js';
import { wilson } from '../../../src/report/statistics.js';

function record(
  accuracies: readonly (readonly number[])[],
  chances: readonly number[],
  images = 256,
): SearchRecord {
  return {
    environment: 'fog',
    repeat: 0,
    tasks: chances.map((chance, t) => ({ name: `task${t}`, chance, images })),
    candidates: accuracies.map((scores, index) => ({
      index,
      parameters: 100,
      accuracies: scores,
      structure: {},
    })),
    chosen: 1,
  };
}

test('the best and the median candidate of each task', () => {
  const report = searchReport(record([[0.3], [0.5], [0.4], [0.2]], [0.25]));
  expect(report.judged).toEqual([
    {
      task: 'task0',
      chance: 0.25,
      best: { index: 1, accuracy: 0.5, ...wilson(0.5, 256) },
      median: { index: 0, accuracy: 0.3, ...wilson(0.3, 256) },
      trained: false,
    },
  ]);
});

test('trained: the median lies above chance outside its interval, in every task', () => {
  const judge = (...scores: number[]): boolean =>
    searchReport(record([scores, scores, scores], [0.25, 0.1])).trained;
  expect(judge(0.32, 0.16)).toBe(true);
  expect(judge(0.3, 0.16)).toBe(false);
  expect(judge(0.32, 0.12)).toBe(false);
});

test.each([0, 1, 2, 3])(
  'seed %d: 200 guessing candidates are not trained, though the best beats chance',
  (seed) => {
    const rng = new Rng(seed, 'guesses');
    const guess = (): number => {
      let hits = 0;
      for (let i = 0; i < 256; i++) if (rng.bernoulli(0.25)) hits++;
      return hits / 256;
    };
    const report = searchReport(
      record(
        Array.from({ length: 200 }, () => [guess()]),
        [0.25],
      ),
    );
    expect(report.judged[0]!.best.low).toBeGreaterThan(0.25);
    expect(report.trained).toBe(false);
    // What lies between guessing candidates is the draw of the scoring images alone.
    expect(report.spread.sd! / report.spread.samplingSd).toBeGreaterThan(0.85);
    expect(report.spread.sd! / report.spread.samplingSd).toBeLessThan(1.15);
  },
);

test('the spread is of the mean over tasks', () => {
  const { spread } = searchReport(
    record(
      [
        [0.2, 0.4],
        [0.5, 0.3],
        [0.1, 0.1],
      ],
      [0.25, 0.1],
      100,
    ),
  );
  expect(spread.worst).toBeCloseTo(0.1, 12);
  expect(spread.median).toBeCloseTo(0.3, 12);
  expect(spread.best).toBeCloseTo(0.4, 12);
  expect(spread.chosen).toBeCloseTo(0.4, 12);
  expect(spread.sd).toBeCloseTo(Math.sqrt(0.07 / 3), 12);
  expect(spread.samplingSd).toBeCloseTo(Math.sqrt(0.16 / 100 + 0.21 / 100) / 2, 12);
});

test('one candidate has no standard deviation', () => {
  expect(searchReport({ ...record([[0.5]], [0.25]), chosen: 0 }).spread.sd).toBeUndefined();
});
