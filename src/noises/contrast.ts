import { constantFor, type Constants } from './constants.js';
import type { NoDraws, Noise } from './noise.js';
import { byteOfUnit, unitOfByte } from './ops/bytes.js';

const factor: Constants<number> = {
  32: [0.75, 0.5, 0.4, 0.3, 0.15],
  64: [0.4, 0.3, 0.2, 0.1, 0.05],
};

/** clip((x - m) c + m), m the mean of each channel, summed plainly in row-major order (flat areas depend on it). */
export const contrast: Noise<NoDraws> = {
  draw: () => undefined,

  apply(image, size, severity, _draws, out) {
    const c = constantFor(factor, size, severity);
    for (let channel = 0; channel < 3; channel++) {
      let sum = 0;
      for (let i = channel; i < image.length; i += 3) sum += unitOfByte[image[i]!]!;
      const mean = sum / (size.height * size.width);
      for (let i = channel; i < image.length; i += 3) {
        out[i] = byteOfUnit((unitOfByte[image[i]!]! - mean) * c + mean);
      }
    }
  },
};
