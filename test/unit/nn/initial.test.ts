import { describe, expect, it } from 'vitest';

import { Rng } from '../../../src/core/rng.js';
import { constant, denseUniform, heFanIn, heFanOut, normalOf } from '../../../src/nn/initial.js';

const moments = (values: Float32Array) => {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return { mean, variance: values.reduce((sum, v) => sum + (v - mean) * (v - mean), 0) / values.length };
};

// 18,000 draws: the mean lies within 4.5 standard errors of 0, the variance within 5 % (4.7 of its standard errors).
describe.each([
  ['heFanOut', heFanOut, 2 / (3 * 3 * 40)],
  ['heFanIn', heFanIn, 2 / (3 * 3 * 50)],
  ['normalOf(0.01)', normalOf(0.01), 1e-4],
])('%s', (_name, initial, variance) => {
  it('is normal with the variance that it names', () => {
    const values = initial(new Rng(1, 'weights'), [3, 3, 50, 40]);
    const found = moments(values);
    expect(values.length).toBe(18_000);
    expect(Math.abs(found.mean)).toBeLessThan(4.5 * Math.sqrt(variance / 18_000));
    expect(Math.abs(found.variance / variance - 1)).toBeLessThan(0.05);
    const beyondTwo = values.filter((v) => Math.abs(v) > 2 * Math.sqrt(variance)).length / values.length;
    expect(Math.abs(beyondTwo - 0.0455)).toBeLessThan(0.007);
  });
});

it("denseUniform fills +-1 / sqrt(fan-in), PyTorch's default", () => {
  const values = denseUniform(new Rng(1, 'weights'), [25, 400]);
  expect(values.length).toBe(10_000);
  expect(values.every((v) => Math.abs(v) <= 0.2)).toBe(true);
  expect(Math.max(...values)).toBeGreaterThan(0.199);
  expect(Math.min(...values)).toBeLessThan(-0.199);
  expect(Math.abs(moments(values).variance / (0.04 / 3) - 1)).toBeLessThan(0.05);
});

it('constant fills a shape', () => {
  expect(constant([2, 3], 4)).toEqual(Float32Array.of(4, 4, 4, 4, 4, 4));
});
