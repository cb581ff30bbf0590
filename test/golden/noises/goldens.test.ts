import { describe, expect, it } from 'vitest';

import { noises } from '../../../src/noises/index.js';
import type { Severity } from '../../../src/noises/noise.js';
import { cases, casesOf, goldenArray, goldenDraws, sizeOf, type GoldenCase } from './cases.js';
import { drawsOfGolden } from './draws.js';

/** How far an output is from the reference's. */
interface Distance {
  readonly max: number;
  readonly frac: number;
  readonly mean: number;
}

function distance(actual: Uint8Array, expected: Uint8Array): Distance {
  let max = 0;
  let count = 0;
  let sum = 0;
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs(actual[i]! - expected[i]!);
    if (difference > max) max = difference;
    if (difference > 0) count++;
    sum += difference;
  }
  return { max, frac: count / expected.length, mean: sum / expected.length };
}

function withinTolerance({ max, frac, mean }: Distance, { tolerance }: GoldenCase): boolean {
  return max <= tolerance.max && frac <= tolerance.frac && mean <= tolerance.mean;
}

describe('the reference outputs', () => {
  it.each(noises.map(({ name }) => name))(
    '%s equals the reference in every byte of every case',
    async (name) => {
      const noise = await noises.find((entry) => entry.name === name)!.load();
      const wrong: string[] = [];
      for (const golden of casesOf(name)) {
        const image = await goldenArray<Uint8Array>(golden.input);
        const expected = await goldenArray<Uint8Array>(golden.output);
        const out = new Uint8Array(expected.length);
        const draws = drawsOfGolden(name, await goldenDraws(golden));
        noise.apply(image, sizeOf(golden), golden.severity as Severity, draws, out);
        const found = distance(out, expected);
        if (found.max > 0)
          wrong.push(
            `${golden.id}${withinTolerance(found, golden) ? '' : ' OUT OF TOLERANCE'} ${JSON.stringify(found)}`,
          );
      }
      expect(wrong).toEqual([]);
    },
  );

  it('are 617', () => {
    expect(cases).toHaveLength(617);
  });
});
