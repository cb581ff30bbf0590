import type { Rng } from '../core/rng.js';
import { dealUnits, maxUnits, resample } from './bootstrap.js';
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
 * Resamples base images jointly for all methods, environments and repeats: they share the clean test images, and
 * noisy images that are other pictures are shared in the same way.
 * @param evaluations checked by `checkEvaluations`
 * @param rng draws the resamples
 */
export function bootstrapAccuracies(
  evaluations: readonly Evaluation[],
  rng: Rng,
  resamples = 1000,
): Accuracies {
  const images = evaluations[0]?.clean.label.length ?? 0;
  const unit = dealUnits(Math.max(images, ...evaluations.map(endOfImages)), rng.child('units'));
  const columns: Uint16Array[] = [];
  const addColumn = (column: Uint16Array): number => columns.push(column) - 1;
  const clean = addColumn(countUnits(unit, { length: images }, () => true));
  // The samples are the same for all methods of an environment and repeat: counted once.
  const cells = new Map<string, { readonly held: number; readonly right: number }>();
  const counted = evaluations.map(({ environment, repeat, ...evaluation }) => {
    const { baseImage } = evaluation.noisy;
    const isHeld = (i: number): boolean => isHeldOut(evaluation.noisy, i);
    const isHit = (i: number): boolean => evaluation.noisy.repaired[i] === evaluation.noisy.label[i];
    const cell = cells.get(cellKey('', environment, repeat)) ?? {
      held: addColumn(countUnits(unit, baseImage, isHeld)),
      right: addColumn(countUnits(unit, baseImage, (i) => !isHeld(i))),
    };
    cells.set(cellKey('', environment, repeat), cell);
    return {
      ...cell,
      heldHits: addColumn(countUnits(unit, baseImage, (i) => isHeld(i) && isHit(i))),
      rightHits: addColumn(countUnits(unit, baseImage, (i) => !isHeld(i) && isHit(i))),
      cleanHits: addColumn(
        countUnits(
          unit,
          { length: images },
          (k) => evaluation.clean.repaired[k] === evaluation.clean.label[k],
        ),
      ),
    };
  });
  const sums = resample(columns, resamples, rng.child('draws'));
  const draws = new Map<string, Draws>();
  for (const [i, { method, environment, repeat }] of evaluations.entries()) {
    const { held, right, heldHits, rightHits, cleanHits } = counted[i]!;
    const sum = (...indices: readonly number[]): Float64Array => sumOf(indices.map((index) => sums[index]!));
    draws.set(cellKey(method, environment, repeat), {
      heldOut: ratio(sum(heldHits), sum(held)),
      rightKept: ratio(sum(rightHits), sum(right)),
      noisy: ratio(sum(heldHits, rightHits), sum(held, right)),
      clean: ratio(sum(cleanHits), sum(clean)),
      combined: ratio(sum(heldHits, rightHits, cleanHits), sum(held, right, clean)),
    });
  }
  const repeats = [...new Set(evaluations.map((evaluation) => evaluation.repeat))].sort((a, b) => a - b);
  return { cells: draws, repeats };
}

/** One more than the largest number of a base image. */
function endOfImages({ noisy }: Evaluation): number {
  return noisy.baseImage.reduce((end, image) => Math.max(end, image + 1), 0);
}

/**
 * How many members each unit has.
 * @param image base image of each sample; without values, sample k is of base image k
 */
function countUnits(
  unit: Uint32Array,
  image: { readonly length: number; readonly [i: number]: number },
  isMember: (i: number) => boolean,
): Uint16Array {
  const counts = new Uint16Array(Math.min(unit.length, maxUnits));
  for (let i = 0; i < image.length; i++) if (isMember(i)) counts[unit[image[i] ?? i]!]!++;
  return counts;
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

function ratio(hits: Float64Array, all: Float64Array): Float64Array {
  return hits.map((value, i) => value / all[i]!); // 0/0 is NaN: no such sample in this resample
}

function sumOf(arrays: readonly Float64Array[]): Float64Array {
  if (arrays.length === 1) return arrays[0]!;
  const sum = new Float64Array(arrays[0]!.length);
  for (const array of arrays) for (let i = 0; i < sum.length; i++) sum[i]! += array[i]!;
  return sum;
}

function meanOf(arrays: readonly Float64Array[]): Float64Array {
  return arrays.length === 1 ? arrays[0]! : sumOf(arrays).map((value) => value / arrays.length);
}
