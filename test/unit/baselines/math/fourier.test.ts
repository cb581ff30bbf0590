import { describe, expect, it } from 'vitest';

import { amplitudesOf, withAmplitudes } from '../../../../src/baselines/math/amplitudes.js';
import { fourier, inverseFourier } from '../../../../src/baselines/math/fourier.js';
import { Rng } from '../../../../src/core/rng.js';
import { expectClose } from '../../../support/arrays.js';
import { pointsOf, referenceJson } from '../../../support/points.js';

/** Made with NumPy. */
const reference = referenceJson('fourier.json') as Record<'values' | 'real' | 'imaginary', number[][]>[];

describe.each(reference.map((one) => ({ ...one, size: [one.values.length, one.values[0]!.length] })))(
  'of $size',
  ({ values, real, imaginary }) => {
    const { data, shape } = pointsOf(values);
    const [height, width] = shape as [number, number];

    it('fourier agrees with NumPy', () => {
      const spectrum = fourier(data, height, width);
      expectClose(spectrum.real, real.flat(), 1e-13);
      expectClose(spectrum.imaginary, imaginary.flat(), 1e-13);
    });

    it('inverseFourier leads back', () => {
      const spectrum = fourier(data, height, width);
      const before = spectrum.imaginary.slice();
      expectClose(inverseFourier(spectrum, height, width), data, 1e-14);
      expect(spectrum.imaginary).toEqual(before);
    });
  },
);

describe('withAmplitudes', () => {
  const values = new Rng(1, 'a').fillNormal(new Float64Array(48));
  const others = amplitudesOf(new Rng(1, 'b').fillNormal(new Float64Array(48)), 6, 8);

  it('has the given amplitudes and its own phases', () => {
    const out = withAmplitudes(values, others, 6, 8);
    expectClose(amplitudesOf(out, 6, 8), others, 1e-12);
    const [before, after] = [fourier(values, 6, 8), fourier(out, 6, 8)];
    before.real.forEach((re, i) => {
      // The same direction: no cross product and a positive dot product.
      const im = before.imaginary[i]!;
      expect(Math.abs(re * after.imaginary[i]! - im * after.real[i]!)).toBeLessThan(1e-11);
      expect(re * after.real[i]! + im * after.imaginary[i]!).toBeGreaterThan(0);
    });
  });

  it('is the values themselves with their own amplitudes', () => {
    expectClose(withAmplitudes(values, amplitudesOf(values, 6, 8), 6, 8), values, 1e-13);
  });

  it('takes 0 for the phase of what is not there', () => {
    const flat = new Float64Array(48).fill(0.25);
    expectClose(amplitudesOf(withAmplitudes(flat, others, 6, 8), 6, 8), others, 1e-12);
  });
});
