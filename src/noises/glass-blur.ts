import { constantFor, type Constants } from './constants.js';
import type { ImageSize, Noise } from './noise.js';
import { replicate } from './ops/border.js';
import { byteOfUnit, unitOfByte } from './ops/bytes.js';
import { gaussianSmooth, gaussianWeights } from './ops/gaussian.js';
import { scratch } from './ops/scratch.js';

/** [sigma, largest shift, iterations]: pixels, pixels, times */
export const glassConstants: Constants<readonly [number, number, number]> = {
  32: [
    [0.05, 1, 1],
    [0.25, 1, 1],
    [0.4, 1, 1],
    [0.25, 1, 2],
    [0.4, 1, 2],
  ],
  64: [
    [0.1, 1, 1],
    [0.5, 1, 1],
    [0.6, 1, 2],
    [0.7, 2, 1],
    [0.9, 2, 2],
  ],
};

export interface GlassBlurDraws {
  /** [visits, 2] the shifts dx, dy of every visit, in visiting order. */
  readonly shifts: ArrayLike<number>;
}

/** How many pixels one iteration visits along an axis: n - d down to d + 1. */
function visits(n: number, shift: number): number {
  return Math.max(0, n - 2 * shift);
}

const field = scratch((length) => new Float64Array(length));

/** Gaussian smoothing of bytes, truncated to bytes again. */
export function smoothBytes(
  bytes: Uint8Array,
  { height, width }: ImageSize,
  sigma: number,
  out: Uint8Array,
): void {
  const values = field(bytes.length);
  for (let i = 0; i < bytes.length; i++) values[i] = unitOfByte[bytes[i]!]!;
  gaussianSmooth(values, height, width, 3, gaussianWeights(sigma, 4), replicate);
  for (let i = 0; i < bytes.length; i++) out[i] = byteOfUnit(values[i]!);
}

/**
 * Gives each visited pixel the colour of a neighbour, in place. The reference means to swap the two but its views
 * alias, so that it copies one way: colours are doubled and lost.
 */
export function shufflePixels(
  bytes: Uint8Array,
  { height, width }: ImageSize,
  shift: number,
  iterations: number,
  shifts: ArrayLike<number>,
): void {
  let next = 0;
  for (let iteration = 0; iteration < iterations; iteration++) {
    for (let r = height - shift; r > shift; r--) {
      for (let c = width - shift; c > shift; c--) {
        const dx = shifts[next++]!;
        const dy = shifts[next++]!;
        const to = (r * width + c) * 3;
        const from = to + (dy * width + dx) * 3;
        bytes[to] = bytes[from]!;
        bytes[to + 1] = bytes[from + 1]!;
        bytes[to + 2] = bytes[from + 2]!;
      }
    }
  }
}

/** Smoothing, pixels moved to a neighbour's place, smoothing. */
export const glassBlur: Noise<GlassBlurDraws> = {
  draw(rng, size, severity) {
    const [, shift, iterations] = constantFor(glassConstants, size, severity);
    const count = iterations * visits(size.height, shift) * visits(size.width, shift);
    // From -shift to shift - 1: the reference excludes the upper end.
    const shifts = new Int8Array(2 * count);
    for (let i = 0; i < shifts.length; i++) shifts[i] = rng.int(2 * shift) - shift;
    return { shifts };
  },

  apply(image, size, severity, { shifts }, out) {
    const [sigma, shift, iterations] = constantFor(glassConstants, size, severity);
    smoothBytes(image, size, sigma, out);
    shufflePixels(out, size, shift, iterations, shifts);
    smoothBytes(out, size, sigma, out);
  },
};
