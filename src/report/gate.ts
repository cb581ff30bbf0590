import { gateGroups, type GateGroup, type GateReport, type Share } from './evaluation.js';
import { auc } from './roc.js';

/** What the gate of one environment and repeat predicted. Scores are [samples, stages], row after row. */
export interface GateScores {
  readonly environment: string;
  readonly repeat: number;
  readonly stages: readonly string[];
  readonly setting: GateReport['sigma']['setting'];
  readonly threshold: number;
  readonly trainingSet: Float32Array;
  readonly cleanTest: Float32Array;
  /** All images of the environment. */
  readonly noisy: Float32Array;
  /** 1 where the deployed network is right, [clean test images]. */
  readonly isCleanRight: Uint8Array;
  /** Rows of `noisy` that are D_s. */
  readonly heldOut: Uint32Array;
  /** Rows of `noisy` that are of the labelled half and rightly classified. */
  readonly rightNoisy: Uint32Array;
  /** Fisher information, [samples, stages]. */
  readonly failureFisher: Float32Array;
  readonly normalFisher: Float32Array;
}

/** Judges a gate: how well it separates, what it triggers, and where it sends what it triggers. */
export function gateReport(gate: GateScores): GateReport {
  const stages = gate.stages.length;
  const scores: Record<GateGroup, Float32Array> = {
    trainingSet: gate.trainingSet,
    cleanTest: gate.cleanTest,
    heldOut: rowsOf(gate.noisy, stages, gate.heldOut),
    rightNoisy: rowsOf(gate.noisy, stages, gate.rightNoisy),
  };
  const answers = mapGroups((group) => answersOf(scores[group], stages, gate.threshold));
  const cleanRight = answers.cleanTest.sums.filter((_, k) => gate.isCleanRight[k] === 1);
  const failures = stageMeans(gate.failureFisher, stages);
  return {
    environment: gate.environment,
    repeat: gate.repeat,
    stages: gate.stages,
    auc: {
      cleanNormals: auc(answers.heldOut.sums, cleanRight),
      noisyNormals: auc(answers.heldOut.sums, answers.rightNoisy.sums),
    },
    sigma: { setting: gate.setting, threshold: gate.threshold },
    triggered: mapGroups((group) => answers[group].triggered),
    picked: mapGroups((group) => answers[group].picked),
    deadStages: gate.stages.filter((_, stage) =>
      gateGroups.every((group) => answers[group].isDead[stage] === true),
    ),
    fisher: { failures, normals: stageMeans(gate.normalFisher, stages) },
    batchStage: gate.stages[largest(failures)]!,
  };
}

interface Answers {
  readonly sums: Float64Array;
  readonly triggered: Share;
  readonly picked: number[];
  readonly isDead: boolean[];
}

/** A sample triggers when the sum of its scores is above the threshold; it then goes to its largest score, the first of equals. */
function answersOf(scores: Float32Array, stages: number, threshold: number): Answers {
  const total = scores.length / stages;
  const sums = new Float64Array(total);
  const picked = new Array<number>(stages).fill(0);
  const isDead = new Array<boolean>(stages).fill(true);
  let count = 0;
  for (let i = 0; i < total; i++) {
    const row = scores.subarray(i * stages, (i + 1) * stages);
    for (const [stage, score] of row.entries()) {
      sums[i]! += score;
      if (score !== 0) isDead[stage] = false;
    }
    if (sums[i]! <= threshold) continue;
    count++;
    picked[largest(row)]!++;
  }
  return { sums, triggered: { count, total }, picked, isDead };
}

function rowsOf(scores: Float32Array, stages: number, rows: Uint32Array): Float32Array {
  const result = new Float32Array(rows.length * stages);
  for (const [i, row] of rows.entries())
    result.set(scores.subarray(row * stages, (row + 1) * stages), i * stages);
  return result;
}

function stageMeans(values: Float32Array, stages: number): number[] {
  const sums = new Array<number>(stages).fill(0);
  for (const [i, value] of values.entries()) sums[i % stages]! += value;
  return sums.map((sum) => (sum * stages) / values.length);
}

/** Index of the largest value, the first of equals. */
function largest(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}

function mapGroups<T>(value: (group: GateGroup) => T): Record<GateGroup, T> {
  return Object.fromEntries(gateGroups.map((group) => [group, value(group)])) as Record<GateGroup, T>;
}
