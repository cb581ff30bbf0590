import { AB_ROWS } from './ab-bins.js';
import { abGridPoint, greyLevel } from './lab.js';
import { PIXELS_PER_IMAGE, unusableSize, type SelfSupervisedTask } from './task.js';

/** The bins in the order of their labels: [a / 10, b / 10], sorted by a, then b. */
export const AB_BINS: readonly (readonly [number, number])[] = AB_ROWS.flatMap(([a, first, last]) =>
  Array.from({ length: last - first + 1 }, (_, i) => [a, first + i] as const),
);

const rowStart = new Map<number, number>();
for (const [label, [a, b]] of AB_BINS.entries()) if (!rowStart.has(a)) rowStart.set(a, label - b);

/**
 * Predict from the grey image which colour its pixels had (Zhang et al. 2016), as a class: the nearest point of the
 * 10-spaced grid over a and b of CIE Lab. Of Zhang's 313 points only 261 are nearest to any sRGB colour; those are
 * the classes. Hard labels without re-balancing, as Liu et al. 2020.
 *
 * Deviations: the network to repair wants three channels, so it gets L as a grey RGB image; and 64 random pixels per
 * image are asked for instead of all.
 */
export const colorization: SelfSupervisedTask = {
  name: 'colorization',
  kind: 'pixels',
  classes: AB_BINS.length,
  chance: majorityShare,
  transform(image, size, rng, out) {
    const pixels = size.height * size.width;
    if (pixels < PIXELS_PER_IMAGE)
      throw unusableSize('colorization', size, `at least ${PIXELS_PER_IMAGE} pixels`);
    for (let i = 0; i < 3 * pixels; i += 3) {
      const grey = greyLevel(image[i]!, image[i + 1]!, image[i + 2]!);
      out[i] = grey;
      out[i + 1] = grey;
      out[i + 2] = grey;
    }
    const positions = Int32Array.from(rng.sample(pixels, PIXELS_PER_IMAGE));
    const labels = positions.map((p) => abBin(image[3 * p]!, image[3 * p + 1]!, image[3 * p + 2]!));
    return { kind: 'pixels', positions, labels };
  },
};

/** The class of an sRGB colour, 0 to 260. @param r, g, b bytes */
export function abBin(r: number, g: number, b: number): number {
  const [a10, b10] = abGridPoint(r, g, b);
  return rowStart.get(a10)! + b10; // every colour was in the scan that made the list
}

/** The accuracy of always saying the commonest class. */
function majorityShare(labels: ArrayLike<number>): number {
  if (labels.length === 0) throw new RangeError('colorization: chance needs at least one label');
  const counts = new Uint32Array(AB_BINS.length);
  for (let i = 0; i < labels.length; i++) counts[labels[i]!]!++;
  return Math.max(...counts) / labels.length;
}
