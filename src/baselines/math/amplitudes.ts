import { fourier, inverseFourier } from './fourier.js';

/** How strong each frequency is: [height, width], the size of the Fourier transform. @param values [height, width] */
export function amplitudesOf(values: Float64Array, height: number, width: number): Float64Array {
  const { real, imaginary } = fourier(values, height, width);
  return real.map((re, i) => size(re, imaginary[i]!));
}

/** Frequencies weaker than this are rounding of 0: their phase means nothing and counts as 0. */
const weakest = 1e-9;

/**
 * What has the phases of `values` and the given amplitudes.
 * @param values [height, width], not changed
 * @param amplitudes [height, width], as `amplitudesOf` gives them
 */
export function withAmplitudes(
  values: Float64Array,
  amplitudes: Float64Array,
  height: number,
  width: number,
): Float64Array {
  const { real, imaginary } = fourier(values, height, width);
  for (let i = 0; i < real.length; i++) {
    const own = size(real[i]!, imaginary[i]!);
    const factor = amplitudes[i]! / own;
    real[i] = own > weakest ? real[i]! * factor : amplitudes[i]!;
    imaginary[i] = own > weakest ? imaginary[i]! * factor : 0;
  }
  return inverseFourier({ real, imaginary }, height, width);
}

function size(real: number, imaginary: number): number {
  return Math.sqrt(real * real + imaginary * imaginary);
}
