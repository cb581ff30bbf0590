import type { GateScores } from '../gate.js';
import { auc, rocPoints, type RocPoint } from '../roc.js';
import { mean, quantile } from '../statistics.js';
import type { FisherSummary, RocCurve } from './data.js';

/** What the figures show of a gate beyond its report. */
export function gateFigureData(gate: GateScores): {
  readonly roc: readonly RocCurve[];
  readonly fisher: readonly FisherSummary[];
} {
  const { environment, repeat, stages } = gate;
  const noisy = sumsOf(gate.noisy, stages.length);
  const failures = Float64Array.from(gate.heldOut, (n) => noisy[n]!);
  const normals = {
    clean: sumsOf(gate.cleanTest, stages.length).filter((_, k) => gate.isCleanRight[k] === 1),
    noisy: Float64Array.from(gate.rightNoisy, (n) => noisy[n]!),
  };
  return {
    roc: (['clean', 'noisy'] as const).map((kind) => ({
      environment,
      repeat,
      normals: kind,
      auc: auc(failures, normals[kind]),
      points: thinned(rocPoints(failures, normals[kind])),
    })),
    fisher: (['failures', 'normals'] as const).flatMap((group) => {
      const values = group === 'failures' ? gate.failureFisher : gate.normalFisher;
      return stages.map((stage, i): FisherSummary => {
        const own = Float64Array.from(values.filter((_, k) => k % stages.length === i)).sort();
        return {
          environment,
          repeat,
          stage,
          group,
          samples: own.length,
          mean: mean(own)!,
          quartiles: [quantile(own, 0.25), quantile(own, 0.5), quantile(own, 0.75)],
        };
      });
    }),
  };
}

/** A curve that no eye can tell from this one: points a fiftieth of the side apart, and both ends. */
function thinned(points: readonly RocPoint[]): RocPoint[] {
  let last = points[0]!;
  return points.filter((point, i) => {
    const way =
      point.falsePositiveRate - last.falsePositiveRate + (point.truePositiveRate - last.truePositiveRate);
    if (i > 0 && i < points.length - 1 && way < 0.02) return false;
    last = point;
    return true;
  });
}

function sumsOf(scores: Float32Array, stages: number): Float64Array {
  const sums = new Float64Array(scores.length / stages);
  for (const [i, score] of scores.entries()) sums[Math.floor(i / stages)]! += score;
  return sums;
}
