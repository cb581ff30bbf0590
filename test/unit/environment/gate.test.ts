import { describe, expect, it } from 'vitest';

import { Rng } from '../../../src/core/rng.js';
import {
  aboveThreshold,
  environmentScores,
  trainEnvironmentGate,
  type Features,
} from '../../../src/environment/gate.js';

const settings = { steps: 300, learningRate: 0.02, weightDecay: 1e-3, clamp: 8 };
/** Three features: one that tells, one that does not, one that never varies. */
const drawn = (name: string, n: number, shift: number): Features => {
  const rng = new Rng(1, name);
  const data = Float32Array.from({ length: 3 * n }, (_, i) =>
    i % 3 === 0 ? 5 + 2 * rng.normal() + shift : i % 3 === 1 ? rng.normal() : 7,
  );
  return { data, width: 3 };
};
const clean = drawn('clean', 400, 0);
const noisy = drawn('noisy', 100, 6);

describe('the environment gate', () => {
  const gate = trainEnvironmentGate(clean, noisy, settings);

  it('is standardised by clean images and looks at what tells', () => {
    expect(gate.mean[0]).toBeCloseTo(5, 0);
    expect(gate.deviation[0]).toBeCloseTo(2, 0);
    expect(gate.weights[0]).toBeGreaterThan(1);
    expect(Math.abs(gate.weights[1]!)).toBeLessThan(0.5);
    expect(gate.weights[2]).toBe(0);
  });

  it('tells images that it has not seen', () => {
    const share = (features: Features): number =>
      environmentScores(gate, features).filter((score) => score > 0).length / (features.data.length / 3);
    expect(share(drawn('other clean', 400, 0))).toBeLessThan(0.15);
    expect(share(drawn('other noisy', 400, 6))).toBeGreaterThan(0.85);
  });

  it('weighs both sides alike, however many there are', () => {
    const twice = { data: Float32Array.from([...noisy.data, ...noisy.data]), width: 3 };
    const other = trainEnvironmentGate(clean, twice, settings);
    for (const [c, weight] of gate.weights.entries()) expect(other.weights[c]).toBeCloseTo(weight, 10);
  });

  it('cuts what lies far out', () => {
    const far = { data: Float32Array.of(1e6, 0, 7, 5 + 100 * 2, 0, 7), width: 3 };
    const [first, second] = environmentScores(gate, far);
    expect(first).toBe(second);
  });

  it('has the minimum of its loss: the gradient of weights and bias is 0 there', () => {
    const long = trainEnvironmentGate(clean, noisy, { ...settings, steps: 3000 });
    const loss = (weights: readonly number[], bias: number): number => {
      const side = (features: Features, sign: number): number => {
        const scores = environmentScores({ ...long, weights: Float64Array.from(weights), bias }, features);
        return scores.reduce((sum, z) => sum + Math.log1p(Math.exp(sign * z)), 0) / scores.length / 2;
      };
      const decay = weights.reduce((sum, w) => sum + (1e-3 * w * w) / 2, 0);
      return side(clean, 1) + side(noisy, -1) + decay;
    };
    const best = loss([...long.weights], long.bias);
    for (const step of [-0.2, 0.2]) {
      expect(loss([long.weights[0]! + step, long.weights[1]!, 0], long.bias)).toBeGreaterThan(best);
      expect(loss([...long.weights], long.bias + step)).toBeGreaterThan(best);
    }
  });

  it('flags only what is above the threshold', () => {
    expect([...aboveThreshold(Float32Array.of(0.5, 1, 1.5), 1)]).toEqual([0, 0, 1]);
  });
});
