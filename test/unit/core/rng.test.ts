import { describe, expect, it } from 'vitest';

import { sha256 } from '../../../src/core/digest.js';
import { Rng } from '../../../src/core/rng.js';

const rng = (path = 'test', seed = 7): Rng => new Rng(seed, path);
const times = <T>(n: number, draw: () => T): T[] => Array.from({ length: n }, draw);

function moments(values: readonly number[]): { mean: number; variance: number } {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return { mean, variance: values.reduce((a, b) => a + (b - mean) * (b - mean), 0) / values.length };
}

/** SHA-256 of numbers as doubles. */
function digestOf(values: readonly number[]): string {
  const { buffer } = Float64Array.from(values);
  return sha256(new Uint8Array(buffer)).slice(0, 16);
}

describe('golden values', () => {
  it('whole numbers', () => {
    const stream = rng();
    expect(times(4, () => stream.uint32())).toEqual([2256865656, 4199782534, 3169251404, 2389085170]);
  });

  it('doubles', () => {
    const stream = rng();
    expect(times(3, () => stream.double())).toEqual([
      0.5254674850243186, 0.7378988456446843, 0.314328145559168,
    ]);
  });

  it('normal numbers', () => {
    const stream = rng();
    expect(times(4, () => stream.normal())).toEqual([
      0.18276888666298977, 1.707294894465251, -1.902931439435945, -0.4714194912265637,
    ]);
  });

  it('Poisson counts, small and large means', () => {
    const stream = rng();
    expect([0, 0.5, 4, 9.99, 10, 40, 500].map((mean) => stream.poisson(mean))).toEqual([
      0, 1, 5, 10, 4, 32, 497,
    ]);
  });

  it('numbers below n', () => {
    const stream = rng();
    expect(times(12, () => stream.int(6))).toEqual([3, 5, 4, 3, 1, 3, 2, 3, 5, 2, 1, 5]);
  });

  it('permutations and samples', () => {
    expect([...rng().permutation(10)]).toEqual([0, 4, 6, 7, 2, 1, 3, 9, 8, 5]);
    expect([...rng().sample(1000, 5)]).toEqual([672, 456, 806, 572, 106]);
  });

  it('ten thousand draws of each kind', () => {
    const kinds: Record<string, (stream: Rng) => number> = {
      double: (stream) => stream.double(),
      normal: (stream) => stream.normal(),
      smallPoisson: (stream) => stream.poisson(3),
      largePoisson: (stream) => stream.poisson(100),
    };
    const digests = Object.entries(kinds).map(([name, draw]) => {
      const stream = rng(name);
      return `${name} ${digestOf(times(10_000, () => draw(stream)))}`;
    });
    expect(digests).toEqual([
      'double 23f024a798cf5008',
      'normal 05888d768977f0ed',
      'smallPoisson 6215bd8b658ca62f',
      'largePoisson adc81449480758fa',
    ]);
  });
});

describe('streams', () => {
  it('depend on the seed and on the whole path, and on nothing else', () => {
    const first = (stream: Rng): number => stream.uint32();
    const parent = rng('a');
    times(5, () => parent.uint32());
    expect(first(parent.child('b'))).toBe(first(rng('a/b')));
    expect(first(parent.child(3))).toBe(first(rng('a/3')));
    const different = [
      rng('a'),
      rng('a/b'),
      rng('b'),
      rng('a', 8),
      rng('a', 0),
      rng('a', -7),
      rng('a', 2 ** 40),
    ];
    expect(new Set(different.map(first)).size).toBe(different.length);
  });

  it('seed 0 is a seed like any other', () => {
    const stream = rng('a', 0);
    expect(new Set(times(100, () => stream.uint32())).size).toBe(100);
    expect(rng('a', 0).uint32()).toBe(rng('a', 0).uint32());
  });

  it.each([0.5, NaN, 2 ** 53])('refuses the seed %s', (seed) => {
    expect(() => rng('a', seed)).toThrow(`seed must be a safe integer but got ${seed}`);
  });

  it('fill arrays with what single draws give', () => {
    const stream = rng();
    expect([...rng().fillUniform(new Float64Array(5))]).toEqual(times(5, () => stream.double()));
    const normals = rng();
    const single = times(8, () => normals.normal());
    const filled = rng();
    expect([...filled.fillNormal(new Float64Array(3)), ...filled.fillNormal(new Float64Array(5))]).toEqual(
      single,
    );
  });
});

describe('laws', () => {
  it('uniform numbers stay in [low, high) with mean and variance of the uniform distribution', () => {
    const stream = rng('uniform');
    const values = times(100_000, () => stream.uniform(-2, 4));
    expect(Math.min(...values.slice(0, 50_000))).toBeGreaterThanOrEqual(-2);
    expect(Math.max(...values.slice(0, 50_000))).toBeLessThan(4);
    const { mean, variance } = moments(values);
    expect(Math.abs(mean - 1)).toBeLessThan(0.03); // five standard errors
    expect(Math.abs(variance - 3)).toBeLessThan(0.05);
  });

  it('normal numbers have the moments and the tails of the normal distribution', () => {
    const stream = rng('normal');
    const values = times(100_000, () => stream.normal());
    const { mean, variance } = moments(values);
    expect(Math.abs(mean)).toBeLessThan(0.016);
    expect(Math.abs(variance - 1)).toBeLessThan(0.023);
    expect(Math.abs(moments(values.map((v) => v * v * v)).mean)).toBeLessThan(0.062);
    const beyond = values.filter((v) => Math.abs(v) > 2).length / values.length;
    expect(Math.abs(beyond - 0.0455)).toBeLessThan(0.0033);
  });

  it.each([0.3, 2, 9.9, 10, 30, 240, 500])('Poisson counts of mean %s have its probabilities', (mean) => {
    const stream = rng(`poisson/${mean}`);
    const n = 40_000;
    const counts = times(n, () => stream.poisson(mean));
    // Chi square over cells of about equal probability, cut from the exact cumulative distribution.
    let logProbability = -mean;
    let cumulative = Math.exp(logProbability);
    const cellOfCount = [0];
    for (let k = 1; cumulative < 1 - 1e-13; k++) {
      cellOfCount.push(Math.min(19, Math.floor(cumulative * 20)));
      logProbability += Math.log(mean / k);
      cumulative += Math.exp(logProbability);
    }
    const expected = new Float64Array(20);
    logProbability = -mean;
    cellOfCount.forEach((cell, k) => {
      if (k > 0) logProbability += Math.log(mean / k);
      expected[cell] = expected[cell]! + n * Math.exp(logProbability);
    });
    const observed = new Float64Array(20);
    for (const count of counts) {
      const cell = cellOfCount[count] ?? 19;
      observed[cell] = observed[cell]! + 1;
    }
    let chiSquare = 0;
    let cells = 0;
    for (let cell = 0; cell < 20; cell++) {
      if (expected[cell]! < 5) continue;
      chiSquare +=
        ((observed[cell]! - expected[cell]!) * (observed[cell]! - expected[cell]!)) / expected[cell]!;
      cells++;
    }
    expect(chiSquare).toBeLessThan(cells + 4 * Math.sqrt(2 * cells)); // mean + 4 standard deviations
  });

  it.each([1, 2, 3, 6, 1000])('numbers below %s are in range and equally likely', (n) => {
    const stream = rng(`int/${n}`);
    const seen = new Float64Array(n);
    for (let i = 0; i < 100 * n; i++) {
      const value = stream.int(n);
      seen[value] = seen[value]! + 1;
    }
    expect(seen.reduce((a, b) => a + b, 0)).toBe(100 * n); // none fell outside
    const chiSquare = seen.reduce((sum, count) => sum + ((count - 100) * (count - 100)) / 100, 0);
    expect(chiSquare).toBeLessThanOrEqual(n - 1 + 5 * Math.sqrt(2 * (n - 1)));
  });

  it('numbers below 2^32 are the raw ones', () => {
    expect(rng().int(4294967296)).toBe(rng().uint32());
  });

  it('permutations hold every number once; samples hold different numbers', () => {
    expect([...rng().permutation(100)].sort((a, b) => a - b)).toEqual([...Array(100).keys()]);
    expect(new Set(rng().sample(50, 20)).size).toBe(20);
    expect(rng().permutation(0)).toHaveLength(0);
  });

  it('true comes with its probability', () => {
    const stream = rng('bernoulli');
    const share = times(40_000, () => stream.bernoulli(0.2)).filter(Boolean).length / 40_000;
    expect(Math.abs(share - 0.2)).toBeLessThan(0.01);
  });
});

describe('wrong arguments', () => {
  it.each([
    [() => rng().int(0), 'int(n) needs 1 <= n <= 2^32 but got 0'],
    [() => rng().int(2.5), 'int(n) needs 1 <= n <= 2^32 but got 2.5'],
    [() => rng().poisson(-1), 'poisson(mean) needs mean >= 0 but got -1'],
    [() => rng().poisson(NaN), 'poisson(mean) needs mean >= 0 but got NaN'],
    [() => rng().sample(3, 4), 'cannot draw 4 different numbers out of 3'],
  ])('%s', (draw, message) => {
    expect(draw).toThrow(message);
  });
});
