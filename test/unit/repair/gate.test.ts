import { describe, expect, it } from 'vitest';

import { Rng } from '../../../src/core/rng.js';
import {
  deadStages,
  decide,
  gateScores,
  gateTargets,
  summedScores,
  trainGate,
  type Gate,
} from '../../../src/repair/gate.js';

describe('targets', () => {
  // Stage means 2 and 0.5, overall 1.25.
  const fisher = Float32Array.of(1, 0.25, 3, 0.75);

  it('log1p-stage: log(1 + f / mean of the stage)', () => {
    const expected = [Math.log(1.5), Math.log(1.5), Math.log(2.5), Math.log(2.5)];
    [...gateTargets(fisher, 2, 'log1p-stage')].forEach((t, k) => expect(t).toBeCloseTo(expected[k]!, 14));
  });

  it('log1p-global: log(1 + f / mean of everything)', () => {
    const expected = [Math.log(1.8), Math.log(1.2), Math.log(3.4), Math.log(1.6)];
    [...gateTargets(fisher, 2, 'log1p-global')].forEach((t, k) => expect(t).toBeCloseTo(expected[k]!, 14));
  });

  it('are 0 for a stage without any information', () => {
    const dead = Float32Array.of(1, 0, 3, 0);
    expect([...gateTargets(dead, 2, 'log1p-stage')]).toEqual([Math.log1p(0.5), 0, Math.log1p(1.5), 0]);
    expect([...gateTargets(new Float32Array(4), 2, 'log1p-global')]).toEqual([0, 0, 0, 0]);
  });

  it('raw: as they are', () => {
    expect(gateTargets(fisher, 2, 'raw')).toEqual(Float64Array.of(1, 0.25, 3, 0.75));
  });
});

/** Features of several stages side by side, and targets that depend on them linearly, with some noise. */
function problem(samples: number, channels: readonly number[], noise: number, seed = 1) {
  const rng = new Rng(seed, 'gate-problem');
  const width = channels.reduce((a, b) => a + b, 0);
  const truth = Float64Array.from({ length: width }, () => rng.uniform(-0.5, 1));
  const data = Float32Array.from({ length: samples * width }, () => rng.double());
  const targets = new Float64Array(samples * channels.length);
  for (let n = 0; n < samples; n++) {
    let at = 0;
    channels.forEach((count, i) => {
      let sum = 1 + noise * rng.normal();
      for (let c = 0; c < count; c++, at++) sum += truth[at]! * data[n * width + at]!;
      targets[n * channels.length + i] = Math.max(0, sum);
    });
  }
  return { features: { data, channels }, targets };
}

const loss = (gate: Gate, { features, targets }: ReturnType<typeof problem>): number =>
  gateScores(gate, features).reduce((sum, score, k) => sum + (score - targets[k]!) ** 2, 0) / targets.length;

/**
 * Eq. 9 again, written differently: the loss of all stages as one function of all parameters, its gradient by central
 * differences, and 300 steps of Adam at 1e-2 from PyTorch's formula.
 */
function reference({ features, targets }: ReturnType<typeof problem>): number[] {
  const { channels, data } = features;
  const stages = channels.length;
  const width = channels.reduce((a, b) => a + b, 0);
  const samples = targets.length / stages;
  const starts = channels.map((_, i) => channels.slice(0, i).reduce((a, b) => a + b, 0));
  const lossOf = (p: readonly number[]): number => {
    let sum = 0;
    for (let n = 0; n < samples; n++)
      channels.forEach((count, i) => {
        let score = p[width + i]!;
        for (let c = 0; c < count; c++) score += p[starts[i]! + c]! * data[n * width + starts[i]! + c]!;
        sum += (Math.max(0, score) - targets[n * stages + i]!) ** 2;
      });
    return sum / (samples * stages);
  };
  const biases = channels.map((_, i) => {
    let sum = 0;
    for (let n = 0; n < samples; n++) sum += targets[n * stages + i]!;
    return sum / samples;
  });
  const p = [...new Array<number>(width).fill(0), ...biases];
  const m = p.map(() => 0);
  const v = p.map(() => 0);
  for (let step = 1; step <= 300; step++) {
    const gradient = p.map((held, k) => {
      p[k] = held + 1e-6;
      const above = lossOf(p);
      p[k] = held - 1e-6;
      const below = lossOf(p);
      p[k] = held;
      return (above - below) / 2e-6;
    });
    gradient.forEach((g, k) => {
      m[k] = 0.9 * m[k]! + 0.1 * g;
      v[k] = 0.999 * v[k]! + 0.001 * g * g;
      p[k]! -= (0.01 * m[k]) / (1 - 0.9 ** step) / (Math.sqrt(v[k] / (1 - 0.999 ** step)) + 1e-8);
    });
  }
  return p;
}

describe('training', () => {
  it('takes the steps that Adam takes with numeric gradients, within 1e-4', () => {
    const given = problem(30, [3, 2], 0.3);
    const gate = trainGate(given.features, given.targets);
    const expected = reference(given);
    const found = [...gate.weights.flatMap((w) => [...w]), ...gate.biases];
    found.forEach((value, k) => expect(Math.abs(value - expected[k]!)).toBeLessThan(1e-4));
  });

  it('comes near the least squares optimum where all targets are above 0', () => {
    const given = problem(200, [4], 0.05);
    const gate = trainGate(given.features, given.targets);
    const best = leastSquares(given);
    const start: Gate = {
      weights: [new Float64Array(4)],
      biases: Float64Array.of(given.targets.reduce((a, b) => a + b, 0) / 200),
    };
    const [trained, optimal, initial] = [gate, best, start].map((each) => loss(each, given));
    expect(optimal!).toBeLessThan(0.004); // the noise's variance is 0.0025
    expect(trained!).toBeGreaterThanOrEqual(optimal! - 1e-9);
    expect(trained! - optimal!).toBeLessThan(0.1 * (initial! - optimal!));
  });

  it('trains every stage by itself', () => {
    const both = problem(40, [3, 2], 0.3);
    const gate = trainGate(both.features, both.targets);
    const moved = both.targets.map((t, k) => (k % 2 === 1 ? t * 3 + 1 : t));
    const other = trainGate(both.features, moved);
    expect(other.weights[0]).toEqual(gate.weights[0]);
    expect(other.biases[0]).toBe(gate.biases[0]);
    expect(other.weights[1]).not.toEqual(gate.weights[1]);
  });

  it('is alive where targets vary, and gives 0 where a stage has targets of 0 only', () => {
    const given = problem(50, [2, 2], 0.1);
    const targets = given.targets.map((t, k) => (k % 2 === 1 ? 0 : t));
    const scores = gateScores(trainGate(given.features, targets), given.features);
    expect(deadStages(scores, 2)).toEqual([1]);
    expect(summedScores(scores, 2).every((sum) => sum > 0)).toBe(true);
  });
});

/** The optimum of a linear gate of one stage: normal equations, solved by elimination. */
function leastSquares({ features, targets }: ReturnType<typeof problem>): Gate {
  const width = features.channels[0]!;
  const size = width + 1;
  const rows = Array.from(targets, (_, n) => [...features.data.subarray(n * width, (n + 1) * width), 1]);
  const a = Array.from({ length: size }, (_, i) => [
    ...Array.from({ length: size }, (_, j) => rows.reduce((sum, row) => sum + row[i]! * row[j]!, 0)),
    rows.reduce((sum, row, n) => sum + row[i]! * targets[n]!, 0),
  ]);
  for (let i = 0; i < size; i++)
    for (let r = 0; r < size; r++) {
      if (r === i) continue;
      const factor = a[r]![i]! / a[i]![i]!;
      for (let c = i; c <= size; c++) a[r]![c]! -= factor * a[i]![c]!;
    }
  const solution = a.map((row, i) => row[size]! / row[i]!);
  return {
    weights: [Float64Array.from(solution.slice(0, width))],
    biases: Float64Array.of(solution[width]!),
  };
}

describe('scores', () => {
  it('are max(0, w x + b) for each stage of each sample', () => {
    const gate = {
      weights: [Float64Array.of(1, -2), Float64Array.of(0.5)],
      biases: Float64Array.of(0.25, -1),
    };
    const data = Float32Array.of(2, 0.5, 4, 0, 1, 2);
    expect(gateScores(gate, { data, channels: [2, 1] })).toEqual(Float32Array.of(1.25, 1, 0, 0));
  });

  it('are summed over the stages', () => {
    expect(summedScores(Float32Array.of(1, 2, 0, 0.5), 2)).toEqual(Float64Array.of(3, 0.5));
  });
});

describe('the decision', () => {
  // Samples with sums 3, 1, 0.75 and 0.
  const scores = Float32Array.of(1, 2, 0.5, 0.5, 0.75, 0, 0, 0);

  it('flags sums above sigma, and only those, and patches the stage of the largest prediction', () => {
    expect(decide(scores, 2, 0.75)).toEqual({
      flagged: Uint8Array.of(1, 1, 0, 0),
      stage: Uint8Array.of(1, 0, 0, 0), // the first on a tie
    });
  });

  it('agrees with the summed scores, so that a quantile of them flags what lies above it', () => {
    const rng = new Rng(1, 'scores');
    const many = Float32Array.from({ length: 3000 }, () => rng.double());
    const sums = summedScores(many, 3);
    for (const sigma of sums.slice(0, 50))
      expect(decide(many, 3, sigma).flagged).toEqual(Uint8Array.from(sums, (sum) => (sum > sigma ? 1 : 0)));
  });

  it('flags everything below 0, since no sum is', () => {
    expect(decide(scores, 2, -1).flagged).toEqual(Uint8Array.of(1, 1, 1, 1));
  });

  it('can be for one fixed stage', () => {
    expect(decide(scores, 2, 0.75, 1)).toEqual({
      flagged: Uint8Array.of(1, 1, 0, 0),
      stage: Uint8Array.of(1, 1, 1, 1),
    });
  });
});

it('a stage is dead when it predicts 0 for everything', () => {
  expect(deadStages(Float32Array.of(0, 1, 0, 0, 0, 0), 3)).toEqual([0, 2]);
  expect(deadStages(Float32Array.of(0, 1, 1, 0), 2)).toEqual([]);
});
