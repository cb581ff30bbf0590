import { constantFor, type Constants } from './constants.js';
import type { Noise } from './noise.js';
import { byteOfUnit, unitOfByte } from './ops/bytes.js';

const photons: Constants<number> = {
  32: [500, 250, 100, 75, 50],
  64: [250, 100, 50, 30, 15],
};

export interface ShotNoiseDraws {
  /** [height, width, 3] photons counted in each byte. */
  readonly counts: ArrayLike<number>;
}

/** clip(k / c), k a Poisson count with mean c x in every byte. The only noise whose draws depend on the image. */
export const shotNoise: Noise<ShotNoiseDraws> = {
  draw(rng, size, severity, image) {
    const c = constantFor(photons, size, severity);
    const counts = new Uint16Array(image.length);
    for (let i = 0; i < counts.length; i++) counts[i] = rng.poisson(unitOfByte[image[i]!]! * c);
    return { counts };
  },

  apply(_image, size, severity, { counts }, out) {
    const c = constantFor(photons, size, severity);
    for (let i = 0; i < out.length; i++) out[i] = byteOfUnit(counts[i]! / c);
  },
};
