import { inverseSquareRoot, squareRoot } from './matrix-root.js';

/** Of the colours of an image whose values lie in [0, 1]. */
export interface Colours {
  /** [3] */
  readonly mean: Float64Array;
  /** [3, 3], divided by the number of pixels less 1. */
  readonly covariance: Float64Array;
}

/** @param image [pixels, 3] */
export function coloursOf(image: Float64Array): Colours {
  const pixels = image.length / 3;
  const mean = new Float64Array(3);
  for (let i = 0; i < image.length; i += 3) for (let c = 0; c < 3; c++) mean[c]! += image[i + c]! / pixels;
  const covariance = new Float64Array(9);
  for (let i = 0; i < image.length; i += 3)
    for (let c = 0; c < 3; c++)
      for (let e = 0; e <= c; e++)
        covariance[3 * c + e]! += ((image[i + c]! - mean[c]!) * (image[i + e]! - mean[e]!)) / (pixels - 1);
  for (let c = 0; c < 3; c++) for (let e = c + 1; e < 3; e++) covariance[3 * c + e] = covariance[3 * e + c]!;
  return { mean, covariance };
}

/** Added to the variances of what is whitened: colours that hardly vary are not blown up. */
const smallest = 1e-5;

/**
 * Whitening and colouring: C_to^(1/2) (C_from + 1e-5)^(-1/2) (x - mean_from) + mean_to, so that the image has the mean
 * and the covariance of the other colours.
 * @param image [pixels, 3] with the colours `from`, overwritten
 */
export function recolour(image: Float64Array, from: Colours, to: Colours): void {
  const regular = from.covariance.map((value, i) => value + (i % 4 === 0 ? smallest : 0));
  const matrix = product(squareRoot(to.covariance, 3), inverseSquareRoot(regular, 3));
  for (let i = 0; i < image.length; i += 3) {
    const r = image[i]! - from.mean[0]!;
    const g = image[i + 1]! - from.mean[1]!;
    const b = image[i + 2]! - from.mean[2]!;
    for (let c = 0; c < 3; c++)
      image[i + c] = matrix[3 * c]! * r + matrix[3 * c + 1]! * g + matrix[3 * c + 2]! * b + to.mean[c]!;
  }
}

/** Of two matrices [3, 3]. */
function product(a: Float64Array, b: Float64Array): Float64Array {
  const out = new Float64Array(9);
  for (let i = 0; i < 3; i++)
    for (let j = 0; j < 3; j++) for (let k = 0; k < 3; k++) out[3 * i + j]! += a[3 * i + k]! * b[3 * k + j]!;
  return out;
}
