import type { Tensor } from '@tensorflow/tfjs';
import { expect } from 'vitest';

/** The values of a float32 tensor, as plain numbers. */
export function numbers(tensor: Tensor): number[] {
  return [...tensor.dataSync()];
}

/** All values differ by at most `tolerance`, absolute for values up to 1 and relative above. */
export function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  const wrong: string[] = [];
  for (let i = 0; i < expected.length; i++) {
    const [a, e] = [actual[i]!, expected[i]!];
    if (!(Math.abs(a - e) <= tolerance * Math.max(1, Math.abs(e)))) wrong.push(`[${i}] ${a}, expected ${e}`);
  }
  expect(wrong.slice(0, 10)).toEqual([]);
}
