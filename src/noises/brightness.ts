import { constantFor, type Constants } from './constants.js';
import type { NoDraws, Noise } from './noise.js';
import { byteOfUnit, unitOfByte } from './ops/bytes.js';
import { raiseValue } from './ops/hsv.js';

const added: Constants<number> = {
  32: [0.05, 0.1, 0.15, 0.2, 0.3],
  64: [0.1, 0.2, 0.3, 0.4, 0.5],
};

const pixel = new Float64Array(3);

/** V of HSV raised by a constant. */
export const brightness: Noise<NoDraws> = {
  draw: () => undefined,

  apply(image, size, severity, _draws, out) {
    const c = constantFor(added, size, severity);
    for (let i = 0; i < image.length; i += 3) {
      for (let channel = 0; channel < 3; channel++) pixel[channel] = unitOfByte[image[i + channel]!]!;
      raiseValue(pixel, c);
      for (let channel = 0; channel < 3; channel++) out[i + channel] = byteOfUnit(pixel[channel]!);
    }
  },
};
