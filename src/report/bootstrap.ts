import type { Rng } from '../core/rng.js';

/** More units than this make intervals no better, only slower. */
export const maxUnits = 2000;

/**
 * Deals base images into the units that are resampled: each image by itself, or, beyond `maxUnits` images, equally
 * large groups of them at random. Whole units of more than one image are as good as images: what is independent
 * between images is independent between random groups of them.
 * @returns the unit of each image, [images]
 */
export function dealUnits(images: number, rng: Rng): Uint32Array {
  if (images <= maxUnits) return Uint32Array.from({ length: images }, (_, i) => i);
  const unit = new Uint32Array(images);
  for (const [position, image] of rng.permutation(images).entries()) unit[image] = position % maxUnits;
  return unit;
}

/**
 * Bootstrap over base images. Each column holds one count per unit (hits of a method, or samples), so an image that
 * appears at several severities is drawn or left out as a whole. All columns see the same resamples: whatever is
 * formed from their sums (ratios, differences between methods, means over environments and repeats) is paired.
 * @param columns each [units]
 * @returns one array a column: the sum over the units as they are, then over each resample ([1 + resamples])
 */
export function resample(columns: readonly Uint16Array[], resamples: number, rng: Rng): Float64Array[] {
  const units = columns[0]?.length ?? 0;
  const sums = columns.map(() => new Float64Array(1 + resamples));
  const weights = new Int32Array(units).fill(1);
  for (let draw = 0; draw <= resamples; draw++) {
    if (draw > 0) drawWeights(weights, rng);
    for (const [c, column] of columns.entries()) sums[c]![draw] = weightedSum(weights, column);
  }
  return sums;
}

/** How often each unit is drawn in as many draws, with replacement, as there are units. */
function drawWeights(weights: Int32Array, rng: Rng): void {
  const units = weights.length;
  weights.fill(0);
  for (let i = 0; i < units; i++) weights[rng.int(units)]!++;
}

function weightedSum(weights: Int32Array, column: Uint16Array): number {
  let sum = 0;
  for (let i = 0; i < column.length; i++) sum += weights[i]! * column[i]!;
  return sum;
}
