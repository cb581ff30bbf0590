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
  const { words, perWord, base } = pack(columns, units);
  for (let from = 0; from <= resamples; from += atOnce) {
    const draws = Array.from({ length: Math.min(atOnce, resamples + 1 - from) }, (_, i) =>
      from + i === 0 ? new Float64Array(units).fill(1) : drawWeights(units, rng),
    );
    for (const [w, word] of words.entries()) {
      const into = sums.slice(w * perWord, (w + 1) * perWord);
      for (const [i, weights] of draws.entries()) {
        let rest = weightedSum(weights, word);
        for (const sum of into) {
          const higher = Math.floor(rest / base);
          sum[from + i] = rest - higher * base;
          rest = higher;
        }
      }
    }
  }
  return sums;
}

/** Resamples that go through the columns together, so that these are fetched from memory less often. */
const atOnce = 16;

/**
 * Several columns in one array of doubles, each in so many bits as its largest sum can need: whole numbers up to 2^53
 * are exact, so one pass adds up all of them. A full run has thousands of columns.
 */
function pack(
  columns: readonly Uint16Array[],
  units: number,
): { readonly words: Float64Array[]; readonly perWord: number; readonly base: number } {
  const largest = columns.reduce((top, column) => column.reduce((a, b) => Math.max(a, b), top), 1);
  const bits = Math.ceil(Math.log2(units * largest + 1)); // as if each draw were of the unit that holds most
  const perWord = Math.max(1, Math.floor(53 / bits));
  const base = 2 ** bits;
  const words: Float64Array[] = [];
  for (let from = 0; from < columns.length; from += perWord) {
    const word = new Float64Array(units);
    for (const column of columns.slice(from, from + perWord).reverse())
      for (let i = 0; i < units; i++) word[i] = word[i]! * base + column[i]!;
    words.push(word);
  }
  return { words, perWord, base };
}

/** How often each unit is drawn in as many draws, with replacement, as there are units. */
function drawWeights(units: number, rng: Rng): Float64Array {
  const weights = new Float64Array(units);
  for (let i = 0; i < units; i++) weights[rng.int(units)]!++;
  return weights;
}

/** Four sums at a time, since each addition waits for the one before; all are whole numbers, so the order is free. */
function weightedSum(weights: Float64Array, word: Float64Array): number {
  const whole = word.length - (word.length % 4);
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  for (let i = 0; i < whole; i += 4) {
    a += weights[i]! * word[i]!;
    b += weights[i + 1]! * word[i + 1]!;
    c += weights[i + 2]! * word[i + 2]!;
    d += weights[i + 3]! * word[i + 3]!;
  }
  for (let i = whole; i < word.length; i++) a += weights[i]! * word[i]!;
  return a + b + c + d;
}
