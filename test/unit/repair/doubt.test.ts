import { describe, expect, it } from 'vitest';

import { doubts, resolveDoubt } from '../../../src/repair/doubt.js';

describe('doubts', () => {
  it('are 1 - max softmax of each row', () => {
    const logits = Float32Array.of(0, Math.log(2), Math.log(5), 3, 3, 3);
    const [first, second] = doubts(logits, 3);
    expect(first).toBeCloseTo(1 - 5 / 8, 6);
    expect(second).toBeCloseTo(2 / 3, 12);
  });

  it('keep the digits of a sure answer, and do not overflow', () => {
    const [sure, large] = doubts(Float32Array.of(50, 0, 1000, 1000), 2);
    expect(sure! / Math.exp(-50)).toBeCloseTo(1, 12);
    expect(large).toBe(0.5);
  });
});

describe('resolveDoubt', () => {
  const doubt = Float64Array.of(0.1, 0.2, 0.3, 0.4, 0.5);
  const summed = Float64Array.of(5, 4, 3, 2, 1);

  it("takes the gate's quantile", () => {
    expect(resolveDoubt({ quantile: 0.75 }, summed, doubt)).toBe(0.4);
  });

  it('of a sigma that is a number takes the share that the gate lets through', () => {
    // 4 of 5 sums are not above 4.5: the 0.8 quantile.
    expect(resolveDoubt({ value: 4.5 }, summed, doubt)).toBeCloseTo(0.42, 12);
    expect(resolveDoubt({ value: 9 }, summed, doubt)).toBe(0.5);
  });
});
