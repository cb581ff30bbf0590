import { inverseAffine } from './affine.js';
import { drawWholeStrength, withEitherSign, type Operation } from './operation.js';

/** Turns the image around its centre; the amount is in whole degrees, against the clock. */
export const rotate: Operation = {
  name: 'rotate',
  draw: (rng) => withEitherSign(rng, drawWholeStrength(rng, 30)),
  apply(image, size, degrees, out) {
    const radians = -((degrees + 360) % 360) * (Math.PI / 180);
    const cos = rounded(Math.cos(radians));
    const sin = rounded(Math.sin(radians));
    const x = size.width / 2;
    const y = size.height / 2;
    inverseAffine(image, size, [cos, sin, cos * -x + sin * -y + x, -sin, cos, -sin * -x + cos * -y + y], out);
  },
};

/** To 15 decimals, as Pillow does; so the last digit, which differs between libraries, has no say. */
function rounded(value: number): number {
  return Number(value.toFixed(15));
}
