import { inverseAffine } from './affine.js';
import { drawStrength, withEitherSign, type Operation } from './operation.js';

const largest = 0.3;

/** Shifts each row, the more the lower it is; the amount is in columns per row. */
export const shearX: Operation = {
  name: 'shear_x',
  draw: (rng) => withEitherSign(rng, drawStrength(rng, largest)),
  apply: (image, size, amount, out) => inverseAffine(image, size, [1, amount, 0, 0, 1, 0], out),
};

/** Shifts each column, the more the further right it is; the amount is in rows per column. */
export const shearY: Operation = {
  name: 'shear_y',
  draw: (rng) => withEitherSign(rng, drawStrength(rng, largest)),
  apply: (image, size, amount, out) => inverseAffine(image, size, [1, 0, 0, amount, 1, 0], out),
};
