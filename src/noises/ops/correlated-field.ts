import type { Rng } from '../../core/rng.js';
import type { ImageSize } from '../noise.js';
import { mirrorHalf } from './border.js';
import { gaussianSmooth, gaussianWeights } from './gaussian.js';

/** White noise smoothed by a Gaussian, and its share of the whole field's variance; sigma 0 is white noise. */
export interface Component {
  readonly sigma: number;
  readonly share: number;
}

/**
 * A random field whose autocorrelation at lag k is about the sum of share * exp(-k²/(4 sigma²)).
 * @returns [height, width] numbers with mean 0 and a variance of about the sum of the shares
 */
export function correlatedField(rng: Rng, size: ImageSize, components: readonly Component[]): Float64Array {
  const field = new Float64Array(size.height * size.width);
  for (const { sigma, share } of components) {
    const part = rng.fillNormal(new Float64Array(field.length));
    gaussianSmooth(part, size.height, size.width, 1, gaussianWeights(sigma, 3), mirrorHalf);
    standardise(part);
    const scale = Math.sqrt(share);
    for (let i = 0; i < field.length; i++) field[i] = field[i]! + scale * part[i]!;
  }
  return field;
}

/** Shifts and scales numbers to mean 0 and standard deviation 1, in place. */
export function standardise(numbers: Float64Array): void {
  const mean = numbers.reduce((a, b) => a + b, 0) / numbers.length;
  let squares = 0;
  for (const value of numbers) squares += (value - mean) * (value - mean);
  const scale = 1 / Math.sqrt(squares / numbers.length);
  for (let i = 0; i < numbers.length; i++) numbers[i] = (numbers[i]! - mean) * scale;
}

/**
 * A rising function through the given points, straight between them and beyond, applied in place.
 * @param knots two or more pairs of [number, value], rising
 */
export function bend(numbers: Float64Array, knots: readonly (readonly [number, number])[]): void {
  for (let i = 0; i < numbers.length; i++) {
    const x = numbers[i]!;
    let k = 1;
    while (k < knots.length - 1 && x > knots[k]![0]) k++;
    const [x0, y0] = knots[k - 1]!;
    const [x1, y1] = knots[k]!;
    numbers[i] = y0 + ((x - x0) / (x1 - x0)) * (y1 - y0);
  }
}
