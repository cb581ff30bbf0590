import { expect, test } from 'vitest';

import { gateReport, type GateScores } from '../../../src/report/index.js';

const gate: GateScores = {
  environment: 'fog',
  repeat: 0,
  stages: ['stage1', 'stage2', 'stage3'],
  setting: { value: 1 },
  threshold: 1,
  // Sums 0.5, 1 (not above the threshold), 1.5.
  trainingSet: Float32Array.of(0.5, 0, 0, 0.5, 0.5, 0, 0.5, 1, 0),
  // Sums 0.25, 3 (classified wrong), 0.75.
  cleanTest: Float32Array.of(0.25, 0, 0, 1, 2, 0, 0.75, 0, 0),
  // Sums 2, 0.5, 2, 0; the first is in no group.
  noisy: Float32Array.of(1, 1, 0, 0, 0.5, 0, 1.25, 0.75, 0, 0, 0, 0),
  isCleanRight: Uint8Array.of(1, 0, 1),
  heldOut: Uint32Array.of(2, 1),
  rightNoisy: Uint32Array.of(3),
  failureFisher: Float32Array.of(0.25, 0.5, 0, 0.5, 0.75, 0),
  normalFisher: Float32Array.of(0.125, 0, 0.25),
};

test('a gate of a few samples', () => {
  expect(gateReport(gate)).toEqual({
    environment: 'fog',
    repeat: 0,
    stages: ['stage1', 'stage2', 'stage3'],
    // 2 and 0.5 against 0.25 and 0.75; against 0.
    auc: { cleanNormals: 0.75, noisyNormals: 1 },
    sigma: { setting: { value: 1 }, threshold: 1 },
    triggered: {
      trainingSet: { count: 1, total: 3 },
      cleanTest: { count: 1, total: 3 },
      heldOut: { count: 1, total: 2 },
      rightNoisy: { count: 0, total: 1 },
    },
    picked: {
      trainingSet: [0, 1, 0],
      cleanTest: [0, 1, 0],
      heldOut: [1, 0, 0],
      rightNoisy: [0, 0, 0],
    },
    deadStages: ['stage3'],
    fisher: { failures: [0.375, 0.625, 0], normals: [0.125, 0, 0.25] },
    batchStage: 'stage2',
  });
});

test('of equal scores the first stage is picked', () => {
  const heldOut = Uint32Array.of(0);
  expect(gateReport({ ...gate, heldOut }).picked.heldOut).toEqual([1, 0, 0]);
});
