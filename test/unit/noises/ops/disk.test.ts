import { expect, it } from 'vitest';

import { diskKernel, kernelTaps } from '../../../../src/noises/ops/disk.js';

it.each([
  [0.5, 1],
  [1, 5],
  [1.5, 9],
  [2.5, 21],
  [3, 29],
])('a disk of radius %s has %s equal taps when nothing smooths it', (radius, count) => {
  const taps = kernelTaps(diskKernel(radius, 0.01));
  expect(taps).toHaveLength(count);
  expect(new Set(taps.map(({ weight }) => weight)).size).toBe(1);
});

it.each([
  [0.3, 0.4],
  [1.5, 0.1],
  [3, 0.6],
])('radius %s smoothed by %s is symmetric and sums to 1', (radius, sigma) => {
  const kernel = diskKernel(radius, sigma);
  expect(kernel.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
  expect(kernel.slice().reverse()).toEqual(kernel);
});
