import { drawWholeStrength, type Operation } from './operation.js';

/** Keeps the highest bits of every byte; the amount is how many, 4 or 3. */
export const posterize: Operation = {
  name: 'posterize',
  draw: (rng) => 4 - drawWholeStrength(rng, 4),
  apply(image, _size, bits, out) {
    const mask = 256 - (1 << (8 - bits));
    for (let i = 0; i < image.length; i++) out[i] = image[i]! & mask;
  },
};
