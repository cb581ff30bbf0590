/**
 * The patch gate (Eqs. 8 and 9): for every stage a linear map of the probe's pooled features and a ReLU that predicts
 * the stage's normalised Fisher information. It has some twenty numbers a stage and learns from 200 samples whose
 * features are known, so it is trained here in double precision, without TensorFlow.
 */
export interface Gate {
  /** Weights of each stage, one for each channel of its probe. */
  readonly weights: readonly Float64Array[];
  readonly biases: Float64Array;
}

export type GateTarget = 'log1p-stage' | 'log1p-global' | 'raw';

/** Pooled probe features of samples: [n, sum of channels], the stages side by side. */
export interface GateFeatures {
  readonly data: Float32Array;
  readonly channels: readonly number[];
}

/**
 * Targets of the gate. Fisher information has a long tail: raw values are tiny beside an Adam step and the output ReLU
 * dies. `log1p-stage` is log(1 + f / s_i) with s_i the stage's mean over these samples; `log1p-global` has one s.
 * @param fisher [n * stages]
 */
export function gateTargets(fisher: Float32Array, stages: number, kind: GateTarget): Float64Array {
  if (kind === 'raw') return Float64Array.from(fisher);
  const perStage = Array.from({ length: stages }, (_, i) => meanOf(fisher, i, stages));
  const overall = perStage.reduce((a, b) => a + b, 0) / stages;
  return Float64Array.from(fisher, (f, k) => {
    const scale = kind === 'log1p-stage' ? perStage[k % stages]! : overall;
    return scale === 0 ? 0 : Math.log1p(f / scale); // a stage whose probe is dead has no information at all
  });
}

const steps = 300;
const learningRate = 1e-2;

/**
 * Minimises the mean squared error of all stages (Eq. 9) with full-batch Adam. Weights start at 0 and each bias at the
 * mean target, so that every output ReLU is alive.
 * @param targets [n * stages]
 */
export function trainGate(features: GateFeatures, targets: Float64Array): Gate {
  const { channels } = features;
  const stages = channels.length;
  const biases = Float64Array.from(channels, (_, i) => meanOf(targets, i, stages));
  const weights = channels.map((count, i) => {
    const column = Float64Array.from({ length: targets.length / stages }, (_, n) => targets[n * stages + i]!);
    return trainStage(features, i, count, column, biases);
  });
  return { weights, biases };
}

/** Trains one stage; its bias is updated in place. The stages share no parameter, so each has its own Adam. */
function trainStage(
  features: GateFeatures,
  stage: number,
  count: number,
  targets: Float64Array,
  biases: Float64Array,
): Float64Array {
  const width = features.channels.reduce((a, b) => a + b, 0);
  const offset = features.channels.slice(0, stage).reduce((a, b) => a + b, 0);
  const stages = features.channels.length;
  const samples = targets.length;
  const parameters = new Float64Array(count + 1);
  parameters[count] = biases[stage]!;
  const gradient = new Float64Array(count + 1);
  const first = new Float64Array(count + 1);
  const second = new Float64Array(count + 1);
  let firstDecay = 1;
  let secondDecay = 1;
  for (let step = 0; step < steps; step++) {
    gradient.fill(0);
    for (let n = 0; n < samples; n++) {
      const row = n * width + offset;
      let sum = parameters[count];
      for (let c = 0; c < count; c++) sum += parameters[c]! * features.data[row + c]!;
      if (sum <= 0) continue; // the ReLU is closed
      const slope = (2 * (sum - targets[n]!)) / (samples * stages);
      for (let c = 0; c < count; c++) gradient[c]! += slope * features.data[row + c]!;
      gradient[count]! += slope;
    }
    firstDecay *= 0.9;
    secondDecay *= 0.999;
    for (let c = 0; c <= count; c++) {
      first[c] = 0.9 * first[c]! + 0.1 * gradient[c]!;
      second[c] = 0.999 * second[c]! + 0.001 * gradient[c]! * gradient[c]!;
      const corrected = first[c]! / (1 - firstDecay);
      parameters[c]! -= (learningRate * corrected) / (Math.sqrt(second[c]! / (1 - secondDecay)) + 1e-8);
    }
  }
  biases[stage] = parameters[count]!;
  return parameters.slice(0, count);
}

/** Predicted Fisher information [n * stages] (Eq. 8). */
export function gateScores(gate: Gate, features: GateFeatures): Float32Array {
  const { channels, data } = features;
  const width = channels.reduce((a, b) => a + b, 0);
  const samples = data.length / width;
  const scores = new Float32Array(samples * channels.length);
  for (let n = 0; n < samples; n++) {
    let at = n * width;
    for (let i = 0; i < channels.length; i++) {
      let sum = gate.biases[i]!;
      for (const weight of gate.weights[i]!) sum += weight * data[at++]!;
      scores[n * channels.length + i] = Math.max(0, sum);
    }
  }
  return scores;
}

/** What the gate decides for each sample: flagged (the summed prediction exceeds sigma), and the stage to patch. */
export interface GateDecision {
  readonly flagged: Uint8Array;
  readonly stage: Uint8Array;
}

/**
 * @param scores [n * stages]
 * @param fixedStage patches this stage (0 the first) instead of the one with the largest prediction
 */
export function decide(
  scores: Float32Array,
  stages: number,
  sigma: number,
  fixedStage?: number,
): GateDecision {
  const samples = scores.length / stages;
  const flagged = new Uint8Array(samples);
  const stage = new Uint8Array(samples);
  for (let n = 0; n < samples; n++) {
    const row = scores.subarray(n * stages, (n + 1) * stages);
    flagged[n] = row.reduce((a, b) => a + b, 0) > sigma ? 1 : 0;
    stage[n] = fixedStage ?? row.indexOf(Math.max(...row));
  }
  return { flagged, stage };
}

/** Summed predictions of all stages, one for each sample. */
export function summedScores(scores: Float32Array, stages: number): Float64Array {
  return Float64Array.from({ length: scores.length / stages }, (_, n) =>
    scores.subarray(n * stages, (n + 1) * stages).reduce((a, b) => a + b, 0),
  );
}

/** Stages whose prediction is 0 for all of these samples: their output ReLU died in training. */
export function deadStages(scores: Float32Array, stages: number): number[] {
  return Array.from({ length: stages }, (_, i) => i).filter((i) =>
    scores.every((score, k) => k % stages !== i || score === 0),
  );
}

function meanOf(values: ArrayLike<number>, offset: number, stride: number): number {
  let sum = 0;
  for (let k = offset; k < values.length; k += stride) sum += values[k]!;
  return sum / (values.length / stride);
}
