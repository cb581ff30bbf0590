import { describe, expect, it } from 'vitest';

import { Rng } from '../../src/core/rng.js';
import {
  decide,
  gateScores,
  gateTargets,
  summedScores,
  trainGate,
  type GateFeatures,
} from '../../src/repair/gate.js';
import { resolveSigma } from '../../src/repair/sigma.js';

const seeds = Array.from({ length: 15 }, (_, seed) => seed);

/** Samples with features and Fisher information of a long tail, stage by stage. */
function draw(seed: number) {
  const rng = new Rng(seed, 'property/gate');
  const channels = Array.from({ length: 1 + rng.int(4) }, () => 1 + rng.int(6));
  const samples = 20 + rng.int(40);
  const width = channels.reduce((a, b) => a + b, 0);
  const features: GateFeatures = {
    channels,
    data: Float32Array.from({ length: samples * width }, () => Math.max(0, rng.normal())),
  };
  const fisher = Float32Array.from({ length: samples * channels.length }, () => Math.exp(3 * rng.normal()));
  return { rng, samples, width, stages: channels.length, features, fisher };
}

describe.each(seeds)('seed %i', (seed) => {
  const { rng, samples, width, stages, features, fisher } = draw(seed);
  const gate = trainGate(features, gateTargets(fisher, stages, 'log1p-stage'));
  const scores = gateScores(gate, features);

  it('scores are finite and never below 0', () => {
    expect(scores.every((score) => Number.isFinite(score) && score >= 0)).toBe(true);
    expect(scores.length).toBe(samples * stages);
  });

  it('a sample has the same score alone', () => {
    const n = rng.int(samples);
    const alone = { ...features, data: features.data.slice(n * width, (n + 1) * width) };
    expect(gateScores(gate, alone)).toEqual(scores.slice(n * stages, (n + 1) * stages));
  });

  it('the order of its samples does not matter to the gate, within 1e-9', () => {
    const order = rng.child('order').permutation(samples);
    const pick = (values: Float32Array, size: number): Float32Array =>
      Float32Array.from(
        { length: values.length },
        (_, k) => values[order[Math.floor(k / size)]! * size + (k % size)]!,
      );
    const shuffled = trainGate(
      { ...features, data: pick(features.data, width) },
      gateTargets(pick(fisher, stages), stages, 'log1p-stage'),
    );
    shuffled.weights.forEach((weights, i) =>
      weights.forEach((w, c) => expect(Math.abs(w - gate.weights[i]![c]!)).toBeLessThan(1e-9)),
    );
  });

  it('log1p targets do not change when Fisher information is multiplied, within 1e-6', () => {
    for (const kind of ['log1p-stage', 'log1p-global'] as const) {
      const plain = gateTargets(fisher, stages, kind);
      gateTargets(
        fisher.map((f) => f * 1000),
        stages,
        kind,
      ).forEach((t, k) => expect(Math.abs(t - plain[k]!)).toBeLessThan(1e-6));
    }
  });

  it('a higher sigma flags a part of what a lower one flags, and the stage stays', () => {
    const [low, high] = [0.5, 1.5].map((sigma) => decide(scores, stages, sigma));
    high!.flagged.forEach((flag, n) => expect(flag).toBeLessThanOrEqual(low!.flagged[n]!));
    expect(high!.stage).toEqual(low!.stage);
  });

  it('the q quantile leaves at most (1 - q)(n - 1) of its n samples above it, rounded up', () => {
    const sums = summedScores(scores, stages);
    for (const quantile of [0.5, 0.9, 0.95]) {
      const sigma = resolveSigma({ quantile }, sums);
      const flagged = decide(scores, stages, sigma).flagged.reduce((a, b) => a + b, 0);
      expect(flagged).toBeLessThanOrEqual(Math.ceil((1 - quantile) * (samples - 1) - 1e-9));
      expect(flagged).toBeGreaterThan(0);
    }
  });
});
