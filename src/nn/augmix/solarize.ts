import { drawWholeStrength, type Operation } from './operation.js';

/** Inverts every byte from a threshold on; the amount is the threshold. */
export const solarize: Operation = {
  name: 'solarize',
  draw: (rng) => 256 - drawWholeStrength(rng, 256),
  apply(image, _size, threshold, out) {
    for (let i = 0; i < image.length; i++) out[i] = image[i]! < threshold ? image[i]! : 255 - image[i]!;
  },
};
