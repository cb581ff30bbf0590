import { expect, test } from 'vitest';

import { Rng } from '../../../../src/core/rng.js';
import { gateFigureData, type GateScores } from '../../../../src/report/index.js';

const gate: GateScores = {
  environment: 'fog',
  repeat: 1,
  stages: ['stage 1', 'stage 2'],
  setting: { value: 1 },
  threshold: 1,
  trainingSet: Float32Array.of(0, 0),
  cleanTest: Float32Array.of(0.25, 0, 0.5, 0.25, 2, 2),
  noisy: Float32Array.of(1, 0.5, 0.25, 0.25, 0.5, 0.5, 0, 0),
  isCleanRight: Uint8Array.of(1, 1, 0),
  heldOut: Uint32Array.of(0, 2),
  rightNoisy: Uint32Array.of(1),
  failureFisher: Float32Array.of(1, 10, 2, 20, 3, 30),
  normalFisher: Float32Array.of(0.5, 0.25),
};

test('ROC of D_s against what the network gets right, clean and noisy', () => {
  const [clean, noisy] = gateFigureData(gate).roc;
  // Failures 1.5 and 1; clean images 0.25 and 0.75, the third is not classified rightly.
  expect(clean).toEqual({
    environment: 'fog',
    repeat: 1,
    normals: 'clean',
    auc: 1,
    points: [
      { threshold: Infinity, falsePositiveRate: 0, truePositiveRate: 0 },
      { threshold: 1.5, falsePositiveRate: 0, truePositiveRate: 0.5 },
      { threshold: 1, falsePositiveRate: 0, truePositiveRate: 1 },
      { threshold: 0.75, falsePositiveRate: 0.5, truePositiveRate: 1 },
      { threshold: 0.25, falsePositiveRate: 1, truePositiveRate: 1 },
    ],
  });
  expect(noisy).toMatchObject({ normals: 'noisy', auc: 1 });
});

test('Fisher information by group and stage', () => {
  const place = { environment: 'fog', repeat: 1 };
  const { fisher } = gateFigureData(gate);
  expect(fisher).toEqual([
    { ...place, stage: 'stage 1', group: 'failures', samples: 3, mean: 2, quartiles: [1.5, 2, 2.5] },
    { ...place, stage: 'stage 2', group: 'failures', samples: 3, mean: 20, quartiles: [15, 20, 25] },
    { ...place, stage: 'stage 1', group: 'normals', samples: 1, mean: 0.5, quartiles: [0.5, 0.5, 0.5] },
    { ...place, stage: 'stage 2', group: 'normals', samples: 1, mean: 0.25, quartiles: [0.25, 0.25, 0.25] },
  ]);
});

test('a curve of many points keeps its ends and its area with few of them', () => {
  const rng = new Rng(1, 'scores');
  const scores = (n: number, shift: number) =>
    Float32Array.from({ length: 2 * n }, (_, i) => (i % 2 === 0 ? rng.normal() + shift : 0));
  const many = {
    ...gate,
    noisy: scores(4000, 0.75),
    heldOut: Uint32Array.from({ length: 2000 }, (_, i) => i),
    rightNoisy: Uint32Array.from({ length: 2000 }, (_, i) => 2000 + i),
    cleanTest: scores(2000, 0),
    isCleanRight: new Uint8Array(2000).fill(1),
  };
  for (const { auc, points } of gateFigureData(many).roc) {
    expect(points.length).toBeLessThanOrEqual(102);
    expect(points[0]).toMatchObject({ falsePositiveRate: 0, truePositiveRate: 0 });
    expect(points.at(-1)).toMatchObject({ falsePositiveRate: 1, truePositiveRate: 1 });
    const area = points.slice(1).reduce((sum, point, i) => {
      const before = points[i]!;
      const width = point.falsePositiveRate - before.falsePositiveRate;
      return sum + (width * (point.truePositiveRate + before.truePositiveRate)) / 2;
    }, 0);
    expect(Math.abs(area - auc!)).toBeLessThan(0.002);
  }
});
