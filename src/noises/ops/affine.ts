import type { ImageSize } from '../noise.js';
import { mirrorWhole } from './border.js';
import { roundHalfEven } from './rounding.js';

/** [a, b, tx, c, d, ty]: (x, y) goes to (a x + b y + tx, c x + d y + ty). */
export type Affine = readonly [number, number, number, number, number, number];

/** A corner of the right-angled triangle of source points, and the points that its three corners go to. */
export interface Triangle {
  /** Of the image, in pixels. */
  readonly centreX: number;
  readonly centreY: number;
  /** The source points are the centre plus (reach, reach), (reach, -reach) and (-reach, -reach). */
  readonly reach: number;
  /** [3, 2] x and y of the targets. */
  readonly targets: ArrayLike<number>;
}

/** The affine map that takes the triangle's corners to its targets. */
export function affineOf({ centreX, centreY, reach, targets: t }: Triangle): Affine {
  const line = (axis: 0 | 1): [number, number, number] => {
    const perX = (t[2 + axis]! - t[4 + axis]!) / (2 * reach);
    const perY = (t[axis]! - t[2 + axis]!) / (2 * reach);
    return [perX, perY, t[2 + axis]! - perX * (centreX + reach) - perY * (centreY - reach)];
  };
  return [...line(0), ...line(1)];
}

/** The inverse map; of one that cannot be inverted, the map of everything to (0, 0). */
export function invert([a, b, tx, c, d, ty]: Affine): Affine {
  const determinant = a * d - b * c;
  const scale = determinant === 0 ? 0 : 1 / determinant;
  const [ia, ib, ic, id] = [d * scale, -b * scale, -c * scale, a * scale];
  return [ia, ib, -ia * tx - ib * ty, ic, id, -ic * tx - id * ty];
}

/**
 * Warps an RGB image forward by an affine map, bilinear, whole-sample mirror at the border. As in OpenCV before 5.0
 * the sampling positions lie on a grid of 1/32 pixel and all arithmetic on pixels is in single precision.
 * @param image [height, width, 3]
 * @param out [height, width, 3]
 */
export function warpAffine(
  image: Float32Array,
  { height, width }: ImageSize,
  map: Affine,
  out: Float32Array,
): void {
  const { fround } = Math;
  const [a, b, tx, c, d, ty] = invert(map);
  for (let y = 0; y < height; y++) {
    const startX = roundHalfEven(1024 * (b * y + tx)) + 16;
    const startY = roundHalfEven(1024 * (d * y + ty)) + 16;
    for (let x = 0; x < width; x++) {
      const gridX = (startX + roundHalfEven(1024 * a * x)) >> 5;
      const gridY = (startY + roundHalfEven(1024 * c * x)) >> 5;
      const right = (gridX & 31) / 32;
      const below = (gridY & 31) / 32;
      const left = mirrorWhole(gridX >> 5, width);
      const upper = mirrorWhole(gridY >> 5, height) * width;
      const nextX = mirrorWhole((gridX >> 5) + 1, width);
      const nextY = mirrorWhole((gridY >> 5) + 1, height) * width;
      const w00 = (1 - below) * (1 - right);
      const w01 = (1 - below) * right;
      const w10 = below * (1 - right);
      const w11 = below * right;
      const at = (y * width + x) * 3;
      for (let k = 0; k < 3; k++) {
        const upperPair = fround(
          fround(image[(upper + left) * 3 + k]! * w00) + fround(image[(upper + nextX) * 3 + k]! * w01),
        );
        const three = fround(upperPair + fround(image[(nextY + left) * 3 + k]! * w10));
        out[at + k] = three + fround(image[(nextY + nextX) * 3 + k]! * w11);
      }
    }
  }
}
