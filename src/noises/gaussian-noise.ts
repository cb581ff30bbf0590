import { constantFor, type Constants } from './constants.js';
import type { Noise } from './noise.js';
import { byteOfUnit, unitOfByte } from './ops/bytes.js';

/** Of z, on the 0…1 scale. */
const deviation: Constants<number> = {
  32: [0.04, 0.06, 0.08, 0.09, 0.1],
  64: [0.04, 0.08, 0.12, 0.15, 0.18],
};

export interface GaussianNoiseDraws {
  /** [height, width, 3] standard normal numbers. */
  readonly z: ArrayLike<number>;
}

/** clip(x + c z), z standard normal in every byte. */
export const gaussianNoise: Noise<GaussianNoiseDraws> = {
  draw(rng, { height, width }) {
    return { z: rng.fillNormal(new Float64Array(height * width * 3)) };
  },

  apply(image, size, severity, { z }, out) {
    const c = constantFor(deviation, size, severity);
    for (let i = 0; i < out.length; i++) out[i] = byteOfUnit(unitOfByte[image[i]!]! + c * z[i]!);
  },
};
