import { constantFor, type Constants } from './constants.js';
import type { NoDraws, Noise } from './noise.js';
import { jpegLoss } from './ops/jpeg.js';

const quality: Constants<number> = {
  32: [80, 65, 58, 50, 40],
  64: [65, 58, 50, 40, 25],
};

/** Saved as a JPEG and read again. */
export const jpegCompression: Noise<NoDraws> = {
  draw: () => undefined,

  apply(image, size, severity, _draws, out) {
    jpegLoss(image, size, constantFor(quality, size, severity), out);
  },
};
