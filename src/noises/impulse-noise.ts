import { constantFor, type Constants } from './constants.js';
import type { Noise } from './noise.js';

const amount: Constants<number> = {
  32: [0.01, 0.02, 0.03, 0.05, 0.07],
  64: [0.01, 0.02, 0.05, 0.08, 0.14],
};

export interface ImpulseNoiseDraws {
  /** [height, width, 3] in 0…1: a byte is replaced where this is at most the amount. */
  readonly flip: ArrayLike<number>;
  /** [height, width, 3] in 0…1: by 255 where this is at most one half, else by 0. */
  readonly salt: ArrayLike<number>;
}

/** Salt and pepper, on bytes, not on pixels. */
export const impulseNoise: Noise<ImpulseNoiseDraws> = {
  draw(rng, { height, width }) {
    const length = height * width * 3;
    return {
      flip: rng.fillUniform(new Float64Array(length)),
      salt: rng.fillUniform(new Float64Array(length)),
    };
  },

  apply(image, size, severity, { flip, salt }, out) {
    const share = constantFor(amount, size, severity);
    for (let i = 0; i < out.length; i++) {
      out[i] = flip[i]! <= share ? (salt[i]! <= 0.5 ? 255 : 0) : image[i]!;
    }
  },
};
