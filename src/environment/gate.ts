/**
 * The environment gate: a logistic regression that tells images of an environment from clean ones by the moments of the
 * frozen network's stages. It needs no labels: it learns from D_u and D_t as they are.
 */
export interface EnvironmentGate {
  /** Of D_t, by which features are standardised. */
  readonly mean: Float64Array;
  readonly deviation: Float64Array;
  /** Standardised features are cut at -clamp and clamp. */
  readonly clamp: number;
  readonly weights: Float64Array;
  readonly bias: number;
}

export type GateSettings = {
  readonly steps: number;
  readonly learningRate: number;
  /** L2 on the weights, not on the bias. */
  readonly weightDecay: number;
  readonly clamp: number;
};

/** Features of samples, [n, width]. */
export interface Features {
  readonly data: Float32Array;
  readonly width: number;
}

/**
 * Full-batch Adam along a cosine; both sides weigh the same, however many samples they have. In double precision and
 * without TensorFlow: some hundred numbers learn from some thousand samples whose features are known.
 */
export function trainEnvironmentGate(
  clean: Features,
  noisy: Features,
  { steps, learningRate, weightDecay, clamp }: GateSettings,
): EnvironmentGate {
  const { width } = clean;
  const scale = { ...columnMoments(clean), clamp };
  const sides = [
    { rows: standardised(clean, scale), target: 0 },
    { rows: standardised(noisy, scale), target: 1 },
  ];
  const parameters = new Float64Array(width + 1);
  const gradient = new Float64Array(width + 1);
  const first = new Float64Array(width + 1);
  const second = new Float64Array(width + 1);
  let firstDecay = 1;
  let secondDecay = 1;
  for (let step = 0; step < steps; step++) {
    for (let c = 0; c < width; c++) gradient[c] = weightDecay * parameters[c]!;
    gradient[width] = 0;
    for (const side of sides) addGradient(side, parameters, gradient);
    firstDecay *= 0.9;
    secondDecay *= 0.999;
    const rate = (learningRate * (1 + Math.cos((Math.PI * step) / steps))) / 2;
    for (let c = 0; c <= width; c++) {
      first[c] = 0.9 * first[c]! + 0.1 * gradient[c]!;
      second[c] = 0.999 * second[c]! + 0.001 * gradient[c]! * gradient[c]!;
      const corrected = first[c]! / (1 - firstDecay);
      parameters[c]! -= (rate * corrected) / (Math.sqrt(second[c]! / (1 - secondDecay)) + 1e-8);
    }
  }
  return { ...scale, weights: parameters.slice(0, width), bias: parameters[width]! };
}

/** Adds half of the mean gradient of log(1 + exp(-z)) for an environment's samples, of log(1 + exp(z)) for clean ones. */
function addGradient(
  { rows, target }: { readonly rows: Float32Array; readonly target: number },
  parameters: Float64Array,
  gradient: Float64Array,
): void {
  const width = parameters.length - 1;
  const samples = rows.length / width;
  for (let n = 0, at = 0; n < samples; n++, at += width) {
    let z = parameters[width]!;
    for (let c = 0; c < width; c++) z += parameters[c]! * rows[at + c]!;
    const slope = (1 / (1 + Math.exp(-z)) - target) / (2 * samples);
    for (let c = 0; c < width; c++) gradient[c]! += slope * rows[at + c]!;
    gradient[width]! += slope;
  }
}

/** The logit of each sample, [n]: above 0 it looks more like the environment than like D_t. */
export function environmentScores(gate: EnvironmentGate, features: Features): Float32Array {
  const rows = standardised(features, gate);
  const { width } = features;
  return Float32Array.from({ length: rows.length / width }, (_, n) => {
    let z = gate.bias;
    for (let c = 0; c < width; c++) z += gate.weights[c]! * rows[n * width + c]!;
    return z;
  });
}

function columnMoments({ data, width }: Features): { mean: Float64Array; deviation: Float64Array } {
  const samples = data.length / width;
  const mean = new Float64Array(width);
  const deviation = new Float64Array(width);
  for (let i = 0; i < data.length; i++) mean[i % width]! += data[i]! / samples;
  for (let i = 0; i < data.length; i++) deviation[i % width]! += (data[i]! - mean[i % width]!) ** 2 / samples;
  return { mean, deviation: deviation.map((variance) => Math.sqrt(variance)) };
}

/** A feature that does not vary over D_t is 0 for everybody: a dead channel says nothing. */
function standardised(
  { data, width }: Features,
  { mean, deviation, clamp }: Pick<EnvironmentGate, 'mean' | 'deviation' | 'clamp'>,
): Float32Array {
  return data.map((value, i) => {
    const c = i % width;
    if (deviation[c]! < 1e-6) return 0;
    return Math.max(-clamp, Math.min(clamp, (value - mean[c]!) / deviation[c]!));
  });
}

/** Which samples go through the add-on: those whose score is above the threshold. */
export function aboveThreshold(scores: Float32Array, threshold: number): Uint8Array {
  return Uint8Array.from(scores, (score) => (score > threshold ? 1 : 0));
}
