import type { Rng } from '../core/rng.js';
import { dealUnits, resample } from './bootstrap.js';
import type { Evaluation, NoisySamples, Samples } from './evaluation.js';

/**
 * What is measured of a method. `heldOut`: accuracy on D_s. `rightKept`: share of the rightly classified noisy
 * samples that stay right (1 less the right-to-wrong flips). `noisy`: both together, the labelled half less D_e.
 * `clean`: the clean test set. `combined`: noisy and clean samples pooled (the paper's Fig. 4).
 */
export const measures = ['heldOut', 'rightKept', 'noisy', 'clean', 'combined'] as const;
export type Measure = (typeof measures)[number];

/** Of each measure the observed accuracy, then that of each resample; NaN where there are no samples. */
export type Draws = Readonly<Record<Measure, Float64Array>>;

/** The bootstrapped accuracies of every method, environment and repeat. */
export interface Accuracies {
  readonly cells: ReadonlyMap<string, Draws>;
  /** Ascending. */
  readonly repeats: readonly number[];
}

/**
 * The accuracy of a method as one array a repeat: the mean over the environments, in each resample. Repeats where
 * the method lacks one of the environments are left out.
 */
export function accuracyDraws(
  { cells, repeats }: Accuracies,
  method: string,
  environments: readonly string[],
  measure: Measure,
): Map<number, Float64Array> {
  const result = new Map<number, Float64Array>();
  for (const repeat of repeats) {
    const found = environments.map((name) => cells.get(cellKey(method, name, repeat))?.[measure]);
    const known = found.filter((draws) => draws !== undefined);
    if (known.length === found.length && known.length > 0) result.set(repeat, meanOf(known));
  }
  return result;
}

/** One array a repeat that both methods have: the first's accuracy less the second's, in each resample. */
export function differenceDraws(
  accuracies: Accuracies,
  [method, other]: readonly [string, string],
  environments: readonly string[],
  measure: Measure,
): Float64Array[] {
  const others = accuracyDraws(accuracies, other, environments, measure);
  const result: Float64Array[] = [];
  for (const [repeat, draws] of accuracyDraws(accuracies, method, environments, measure)) {
    const paired = others.get(repeat);
    if (paired) result.push(draws.map((value, i) => value - paired[i]!));
  }
  return result;
}

/**
 * Resamples base images jointly for all methods, environments and repeats: they share the clean test images.
 * @param evaluations checked by `checkEvaluations`
 * @param rng draws the resamples
 */
export function bootstrapAccuracies(
  evaluations: readonly Evaluation[],
  rng: Rng,
  resamples = 1000,
): Accuracies {
  const images = evaluations[0]?.clean.label.length ?? 0;
  const unit = dealUnits(images, rng.child('units'));
  const counted = evaluations.map((evaluation) => countUnits(evaluation, unit));
  const sums = resample(
    counted.flatMap((counts) => Object.values(counts)),
    resamples,
    rng.child('draws'),
  );
  const cells = new Map<string, Draws>();
  for (const [i, { method, environment, repeat }] of evaluations.entries()) {
    const [held, heldHits, right, rightHits, clean, cleanHits] = sums.slice(6 * i, 6 * i + 6) as Six;
    const noisy = add(held, right);
    const noisyHits = add(heldHits, rightHits);
    cells.set(cellKey(method, environment, repeat), {
      heldOut: ratio(heldHits, held),
      rightKept: ratio(rightHits, right),
      noisy: ratio(noisyHits, noisy),
      clean: ratio(cleanHits, clean),
      combined: ratio(add(noisyHits, cleanHits), add(noisy, clean)),
    });
  }
  const repeats = [...new Set(evaluations.map((evaluation) => evaluation.repeat))].sort((a, b) => a - b);
  return { cells, repeats };
}

type Six = [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];

/** Samples and hits of each unit. The order of the fields is the order of the bootstrap's columns. */
function countUnits({ noisy, clean }: Evaluation, unit: Uint32Array): Record<string, Uint16Array> {
  const units = unit.reduce((top, u) => Math.max(top, u + 1), 0);
  const count = (): Uint16Array => new Uint16Array(units);
  const held = { all: count(), hits: count() };
  const right = { all: count(), hits: count() };
  const untouched = { all: count(), hits: count() };
  for (let i = 0; i < noisy.label.length; i++) {
    const u = unit[noisy.baseImage[i]!]!;
    const group = isHeldOut(noisy, i) ? held : right;
    group.all[u]!++;
    if (noisy.repaired[i] === noisy.label[i]) group.hits[u]!++;
  }
  for (let k = 0; k < clean.label.length; k++) {
    const u = unit[k]!;
    untouched.all[u]!++;
    if (clean.repaired[k] === clean.label[k]) untouched.hits[u]!++;
  }
  return {
    held: held.all,
    heldHits: held.hits,
    right: right.all,
    rightHits: right.hits,
    clean: untouched.all,
    cleanHits: untouched.hits,
  };
}

/** Whether sample i is of D_s: the deployed network gets it wrong. */
export function isHeldOut(samples: NoisySamples, i: number): boolean {
  return samples.original[i] !== samples.label[i];
}

/** Accuracy of one column of predicted classes. @returns undefined without samples */
export function accuracyOf(samples: Samples, predicted: 'original' | 'repaired'): number | undefined {
  const { label } = samples;
  let hits = 0;
  for (let i = 0; i < label.length; i++) if (samples[predicted][i] === label[i]) hits++;
  return label.length === 0 ? undefined : hits / label.length;
}

function cellKey(method: string, environment: string, repeat: number): string {
  return JSON.stringify([method, environment, repeat]);
}

function add(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, i) => value + b[i]!);
}

function ratio(hits: Float64Array, all: Float64Array): Float64Array {
  return hits.map((value, i) => value / all[i]!); // 0/0 is NaN: no such sample in this resample
}

function meanOf(arrays: readonly Float64Array[]): Float64Array {
  if (arrays.length === 1) return arrays[0]!;
  const sum = new Float64Array(arrays[0]!.length);
  for (const array of arrays) for (let i = 0; i < sum.length; i++) sum[i]! += array[i]!;
  return sum.map((value) => value / arrays.length);
}
