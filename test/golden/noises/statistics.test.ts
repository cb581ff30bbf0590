import { describe, expect, it } from 'vitest';

import { sha256 } from '../../../src/core/digest.js';
import { readNpy } from '../../../src/core/npy.js';
import { Rng } from '../../../src/core/rng.js';
import { corruptImages } from '../../../src/noises/corrupt.js';
import { noises, openNoise } from '../../../src/noises/index.js';
import { severities, type Severity } from '../../../src/noises/noise.js';
import { folder, readGoldenJson } from './cases.js';

/** The reference's figures for one noise and severity over a whole set of images. */
interface Statistics {
  readonly severity: Severity;
  readonly mad: number;
  readonly bias: number;
  readonly tol_mad: number;
  readonly tol_bias: number;
  readonly sha256_of_outputs?: string;
}

type Sets = Record<string, { n_images: number; results: Record<string, Statistics[]> }>;
const { sets } = readGoldenJson('stats.json') as { sets: Sets };
const rng = new Rng(0, 'statistics');

/** Over all bytes: the mean absolute difference from the clean images, and the mean difference. */
function compare(out: Uint8Array, clean: Uint8Array): { mad: number; bias: number } {
  let mad = 0;
  let bias = 0;
  for (let i = 0; i < out.length; i++) {
    const difference = out[i]! - clean[i]!;
    mad += Math.abs(difference);
    bias += difference;
  }
  return { mad: mad / out.length, bias: bias / out.length };
}

describe.each([
  ['synthetic_32', 'inputs/big_32.npy'],
  ['synthetic_64', 'inputs/big_64.npy'],
])('over the images of %s', (set, file) => {
  it.each(noises.map(({ name }) => name))('%s does what the reference does', async (name) => {
    const images = await readNpy<Uint8Array>(new URL(file, folder).pathname);
    const indices = Array.from({ length: sets[set]!.n_images }, (_, i) => i);
    const noise = await openNoise(name);
    // Our frost textures are made after the reference's photos, so it is those that they are held against.
    const expected = sets[set]!.results[name === 'frost' ? 'frost_with_reference_photos' : name]!;
    const wrong: string[] = [];
    for (const severity of severities) {
      const out = corruptImages({ noise, severity, images, indices, rng });
      const figures = expected[severity - 1]!;
      if (figures.sha256_of_outputs !== undefined) {
        if (sha256(out) !== figures.sha256_of_outputs) wrong.push(`s${severity}: other bytes`);
        continue;
      }
      const { mad, bias } = compare(out, images.data);
      if (Math.abs(mad - figures.mad) > figures.tol_mad || Math.abs(bias - figures.bias) > figures.tol_bias)
        wrong.push(
          `s${severity}: mad ${mad.toFixed(3)} for ${figures.mad} ± ${figures.tol_mad}, bias ${bias.toFixed(3)} for ${figures.bias} ± ${figures.tol_bias}`,
        );
    }
    expect(wrong).toEqual([]);
  });
});
