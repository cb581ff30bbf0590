import { describe, expect, it } from 'vitest';

import { Rng } from '../../../../src/core/rng.js';
import { operations } from '../../../../src/nn/augmix/index.js';
import { applyChain, applyMixture, drawMixture, type Mixture } from '../../../../src/nn/augmix/mixture.js';
import { normalisedBytes } from '../../../../src/nn/batch.js';
import { expectClose } from '../../../support/arrays.js';
import { randomImage } from '../../../support/images.js';

const size = { height: 9, width: 7 };
const image = randomImage(new Rng(1, 'image'), 9, 7);
const tables = normalisedBytes({ mean: [0.5, 0.4, 0.3], std: [0.5, 0.25, 0.2] });
const normalised = (bytes: Uint8Array) => Float32Array.from(bytes, (v, i) => tables[i % 3]![v]!);

function mixed(mixture: Mixture): Float32Array {
  const out = new Float32Array(image.length).fill(99);
  applyMixture(image, size, mixture, tables, out);
  return out;
}

describe('drawMixture', () => {
  const drawn = Array.from({ length: 3000 }, (_, k) => drawMixture(new Rng(2, `mixture/${k}`), size));

  it('draws the same for the same stream', () => {
    expect(drawMixture(new Rng(2, 'mixture/0'), size)).toEqual(drawn[0]);
    expect(drawn[1]).not.toEqual(drawn[0]);
  });

  it('has three chains of one to three operations, each depth and each operation equally often', () => {
    const chains = drawn.flatMap((mixture) => mixture.chains);
    expect(chains.length).toBe(9000);
    const counts = (values: readonly (string | number)[]) => {
      const found = new Map<string | number, number>();
      for (const value of values) found.set(value, (found.get(value) ?? 0) + 1);
      return found;
    };
    const depths = counts(chains.map((chain) => chain.length));
    expect([...depths.keys()].sort()).toEqual([1, 2, 3]);
    for (const count of depths.values()) expect(Math.abs(count - 3000)).toBeLessThan(4.5 * 45); // sd 44.7
    const names = counts(chains.flat().map(({ operation }) => operation));
    expect([...names.keys()].sort()).toEqual(operations.map(({ name }) => name).sort());
    for (const count of names.values()) expect(Math.abs(count - 2000)).toBeLessThan(4.5 * 45); // 18,000 in all, sd 42
  });

  it('has weights of a flat Dirichlet distribution and a share that is uniform', () => {
    const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
    for (const k of [0, 1, 2]) {
      const weights = drawn.map((mixture) => mixture.weights[k]!);
      expect(Math.abs(mean(weights) - 1 / 3)).toBeLessThan(0.02); // sd of the mean 0.0043
      expect(Math.abs(mean(weights.map((w) => (w - 1 / 3) ** 2)) - 1 / 18)).toBeLessThan(0.006);
    }
    for (const { weights } of drawn) expect(weights.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
    const shares = drawn.map(({ share }) => share);
    expect(Math.abs(mean(shares) - 1 / 2)).toBeLessThan(0.025); // sd of the mean 0.0053
    expect(Math.abs(mean(shares.map((m) => (m - 1 / 2) ** 2)) - 1 / 12)).toBeLessThan(0.006);
  });
});

describe('applyChain', () => {
  it('applies operations one after the other and leaves the image as it is', () => {
    const before = image.slice();
    const operation = (name: string) => operations.find((one) => one.name === name)!;
    const [shifted, turned, hard] = [0, 0, 0].map(() => new Uint8Array(image.length));
    operation('translate_x').apply(image, size, 2, shifted!);
    operation('rotate').apply(shifted!, size, -7, turned!);
    operation('posterize').apply(turned!, size, 3, hard!);
    const chain = [
      { operation: 'translate_x', amount: 2 },
      { operation: 'rotate', amount: -7 },
      { operation: 'posterize', amount: 3 },
    ];
    expect([...applyChain(image, size, chain)]).toEqual([...hard!]);
    expect([...applyChain(image, size, [])]).toEqual([...image]);
    expect(image).toEqual(before);
  });
});

describe('applyMixture', () => {
  const chains = [
    [{ operation: 'solarize', amount: 128 }],
    [
      { operation: 'translate_y', amount: 1 },
      { operation: 'posterize', amount: 3 },
    ],
    [{ operation: 'equalize', amount: 0 }],
  ];

  it('is the image where the chains have no share', () => {
    expect(mixed({ share: 0, chains, weights: [0.2, 0.3, 0.5] })).toEqual(normalised(image));
  });

  it('adds normalised chains by their weights', () => {
    const [a, b, c] = chains.map((chain) => normalised(applyChain(image, size, chain).slice()));
    const x = normalised(image);
    const expected = x.map((v, i) => 0.4 * v + 0.6 * (0.2 * a![i]! + 0.3 * b![i]! + 0.5 * c![i]!));
    expectClose(mixed({ share: 0.6, chains, weights: [0.2, 0.3, 0.5] }), expected, 1e-6);
  });
});
