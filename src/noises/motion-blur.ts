import { constantFor, type Constants } from './constants.js';
import type { Noise } from './noise.js';
import { motionBlur as smear, motionWeights } from './ops/motion.js';

/** [radius, sigma] in pixels */
const constants: Constants<readonly [number, number]> = {
  32: [
    [6, 1],
    [6, 1.5],
    [6, 2],
    [8, 2],
    [9, 2.5],
  ],
  64: [
    [10, 1],
    [10, 1.5],
    [10, 2],
    [10, 2.5],
    [12, 3],
  ],
};

export interface MotionBlurDraws {
  readonly angleDeg: number;
}

/** A smear along a line, less than 45 degrees from the horizontal. */
export const motionBlur: Noise<MotionBlurDraws> = {
  draw: (rng) => ({ angleDeg: rng.uniform(-45, 45) }),

  apply(image, size, severity, { angleDeg }, out) {
    smear(image, size, 3, motionWeights(...constantFor(constants, size, severity)), angleDeg, out);
  },
};
