import { describe, expect, it } from 'vitest';

import { noises } from '../../../src/noises/index.js';
import { jpegLoss } from '../../../src/noises/ops/jpeg.js';
import type { Severity } from '../../../src/noises/noise.js';
import { cases, casesOf, goldenArray, goldenDraws, sizeOf, type GoldenCase } from './cases.js';
import { drawsOfGolden } from './draws.js';

/** Cases and, of these, how many equal the reference in every byte. */
const pinned: Record<string, { cases: number; exact: number }> = {
  gaussian_noise: { cases: 25, exact: 25 },
  shot_noise: { cases: 25, exact: 25 },
  impulse_noise: { cases: 25, exact: 25 },
  defocus_blur: { cases: 60, exact: 60 },
  glass_blur: { cases: 25, exact: 25 },
  motion_blur: { cases: 45, exact: 45 },
  zoom_blur: { cases: 60, exact: 60 },
  snow: { cases: 25, exact: 25 },
  frost: { cases: 25, exact: 25 },
  fog: { cases: 25, exact: 25 },
  brightness: { cases: 60, exact: 60 },
  contrast: { cases: 60, exact: 60 },
  elastic_transform: { cases: 25, exact: 25 },
  pixelate: { cases: 60, exact: 60 },
  jpeg_compression: { cases: 60, exact: 60 },
  jpeg_q85_save: { cases: 12, exact: 12 },
};

type Distorter = (image: Uint8Array, golden: GoldenCase, out: Uint8Array) => Promise<void>;

/** What makes the outputs of that name: a noise of the catalogue, or the saving step of Tiny-ImageNet-C. */
async function distorter(name: string): Promise<Distorter> {
  if (name === 'jpeg_q85_save')
    return async (image, golden, out) => {
      jpegLoss(image, sizeOf(golden), 85, out);
      return Promise.resolve();
    };
  const noise = await noises.find((entry) => entry.name === name)!.load();
  return async (image, golden, out) => {
    const draws = drawsOfGolden(name, await goldenDraws(golden));
    noise.apply(image, sizeOf(golden), golden.severity as Severity, draws, out);
  };
}

/** How far an output is from the reference's: per byte, share of bytes, on average. */
function distance(actual: Uint8Array, expected: Uint8Array): { max: number; frac: number; mean: number } {
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

describe('the reference outputs', () => {
  it.each(Object.entries(pinned))('%s: within tolerance, %o', async (name, counts) => {
    const distort = await distorter(name);
    const outOfTolerance: string[] = [];
    let exact = 0;
    for (const golden of casesOf(name)) {
      const image = await goldenArray<Uint8Array>(golden.input);
      const expected = await goldenArray<Uint8Array>(golden.output);
      const out = new Uint8Array(expected.length);
      await distort(image, golden, out);
      const { max, frac, mean } = distance(out, expected);
      if (max === 0) exact++;
      const { tolerance } = golden;
      if (max > tolerance.max || frac > tolerance.frac || mean > tolerance.mean)
        outOfTolerance.push(`${golden.id}: max ${max}, frac ${frac}, mean ${mean}`);
    }
    expect({ outOfTolerance, cases: casesOf(name).length, exact }).toEqual({ outOfTolerance: [], ...counts });
  });

  it('are 617, all of them pinned above and all exact', () => {
    const sum = (key: 'cases' | 'exact'): number =>
      Object.values(pinned).reduce((total, counts) => total + counts[key], 0);
    expect([cases.length, sum('cases'), sum('exact')]).toEqual([617, 617, 617]);
  });
});
