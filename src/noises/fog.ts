import { constantFor, type Constants } from './constants.js';
import type { ImageSize, Noise } from './noise.js';
import { byteOfUnit, unitOfByte } from './ops/bytes.js';
import { plasma, plasmaDraws } from './ops/plasma.js';
import { scratch } from './ops/scratch.js';

/** [strength, decay] */
export const fogConstants: Constants<readonly [number, number]> = {
  32: [
    [0.2, 3],
    [0.5, 3],
    [0.75, 2.5],
    [1, 2],
    [1.5, 1.75],
  ],
  64: [
    [0.4, 3],
    [0.7, 3],
    [1, 2.5],
    [1.5, 2],
    [2, 1.75],
  ],
};

export interface FogDraws {
  /** Numbers in 0…1 for the plasma field, in its order. */
  readonly u: ArrayLike<number>;
}

const field = scratch((length) => new Float64Array(length));

/** The smallest power of two that covers the image. */
function plasmaSide({ height, width }: ImageSize): number {
  let side = 2;
  while (side < height || side < width) side *= 2;
  return side;
}

/** clip((x + s P) M/(M + s)): P one plasma field for all channels, M the image's largest value, s the strength. */
export const fog: Noise<FogDraws> = {
  draw(rng, size) {
    return { u: rng.fillUniform(new Float64Array(plasmaDraws(plasmaSide(size)))) };
  },

  apply(image, size, severity, { u }, out) {
    const [strength, decay] = constantFor(fogConstants, size, severity);
    const side = plasmaSide(size);
    const mist = field(side * side);
    plasma(u, side, decay, mist);
    let most = 0;
    for (const value of image) if (value > most) most = value;
    const brightest = unitOfByte[most]!;
    const { height, width } = size;
    for (let r = 0; r < height; r++) {
      for (let c = 0; c < width; c++) {
        const added = strength * mist[r * side + c]!;
        const at = (r * width + c) * 3;
        for (let i = at; i < at + 3; i++) {
          out[i] = byteOfUnit(((unitOfByte[image[i]!]! + added) * brightest) / (brightest + strength));
        }
      }
    }
  },
};
