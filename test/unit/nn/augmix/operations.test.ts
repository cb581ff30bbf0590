import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import { readNpy, type NdArray } from '../../../../src/core/npy.js';
import { Rng } from '../../../../src/core/rng.js';
import { operations } from '../../../../src/nn/augmix/index.js';

/** Made with Pillow by scripts/pillow-golden.py. */
const golden = (path: string) => fileURLToPath(new URL(`../../../golden/${path}`, import.meta.url));

interface Case {
  readonly operation: string;
  readonly amount: number;
}
const cases = JSON.parse(await readFile(golden('augment/cases.json'), 'utf8')) as {
  small: Case[];
  photos: (Case & { sha256of32: string; sha256of64: string })[];
};
const small = await readNpy<Uint8Array>(golden('augment/small.npy'));
const smallResults = await readNpy<Uint8Array>(golden('augment/small-results.npy'));
const photos32 = await readNpy<Uint8Array>(golden('corruptions/inputs/inputs_32.npy'));
const photos64 = await readNpy<Uint8Array>(golden('corruptions/inputs/inputs_64.npy'));

function applied({ operation, amount }: Case, images: NdArray<Uint8Array>): Uint8Array {
  const [, height, width] = images.shape as [number, number, number];
  const found = operations.find(({ name }) => name === operation)!;
  const out = new Uint8Array(images.data.length).fill(99);
  const length = height * width * 3;
  for (let from = 0; from < out.length; from += length)
    found.apply(
      images.data.subarray(from, from + length),
      { height, width },
      amount,
      out.subarray(from, from + length),
    );
  return out;
}
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe('operations give the bytes of Pillow', () => {
  it.each(cases.small.map((one, k) => [one, k] as const))('%o on small images', (one, k) => {
    const length = small.data.length;
    expect([...applied(one, small)]).toEqual([...smallResults.data.subarray(k * length, (k + 1) * length)]);
  });

  it.each(operations.map(({ name }) => name))('%s on photos, at every strength', (name) => {
    const ofName = cases.photos.filter(({ operation }) => operation === name);
    expect(ofName.length).toBeGreaterThan(0);
    expect(
      ofName.map((one) => [one.amount, sha256(applied(one, photos32)), sha256(applied(one, photos64))]),
    ).toEqual(ofName.map(({ amount, sha256of32, sha256of64 }) => [amount, sha256of32, sha256of64]));
  });
});

describe('strengths at severity 3', () => {
  /** All that are drawn, and their smallest and largest. */
  const drawn = (name: string, side = 32) => {
    const rng = new Rng(1, `strength/${name}`);
    const operation = operations.find((one) => one.name === name)!;
    const values = Array.from({ length: 4000 }, () => operation.draw(rng, { height: side, width: side }));
    return { values: new Set(values), low: Math.min(...values), high: Math.max(...values) };
  };

  it('are the whole numbers that the published parameters give', () => {
    const range = (low: number, high: number) =>
      Array.from({ length: high - low + 1 }, (_, i) => low + i).filter((v) => v !== 0);
    const whole = (name: string, side?: number) =>
      [...drawn(name, side).values].filter((v) => v !== 0).sort((a, b) => a - b);
    expect(whole('posterize')).toEqual([3, 4]);
    expect(whole('rotate')).toEqual(range(-8, 8));
    expect(whole('solarize')).toEqual(range(180, 254));
    for (const axis of ['x', 'y']) {
      expect(whole(`translate_${axis}`)).toEqual(range(-3, 3));
      expect(whole(`translate_${axis}`, 64)).toEqual(range(-6, 6));
    }
  });

  it('are any number up to 0.09 for shears, with both signs', () => {
    for (const name of ['shear_x', 'shear_y']) {
      const { values, low, high } = drawn(name);
      expect(values.size).toBe(4000);
      expect([low, high].map((v) => v.toFixed(3))).toEqual(['-0.090', '0.090']);
      expect(Math.min(...[...values].map(Math.abs)).toFixed(4)).toMatch(/^0\.003[0-9]$/);
    }
  });
});
