import { constantFor, type Constants } from './constants.js';
import type { ImageSize, Noise } from './noise.js';
import { affineOf, warpAffine } from './ops/affine.js';
import { mirrorHalf } from './ops/border.js';
import { displace } from './ops/displace.js';
import { gaussianSmooth, gaussianWeights } from './ops/gaussian.js';
import { scratch } from './ops/scratch.js';

/** [alpha, sigma, affine]: all as shares of the image's side. Strength and smoothness of the fields; corner shifts. */
export const elasticConstants: Constants<readonly [number, number, number]> = {
  32: [
    [0, 0, 0.08],
    [0.05, 0.2, 0.07],
    [0.08, 0.06, 0.06],
    [0.1, 0.04, 0.05],
    [0.1, 0.03, 0.03],
  ],
  64: [
    [0, 0, 0.08],
    [0.05, 0.3, 0.06],
    [0.1, 0.08, 0.06],
    [0.1, 0.03, 0.03],
    [0.16, 0.03, 0.02],
  ],
};

export interface ElasticTransformDraws {
  /** [3, 2] in 0…1: shifts of x and y of the affine map's three points. */
  readonly points: ArrayLike<number>;
  /** [height, width] in 0…1: the raw horizontal field. */
  readonly fieldX: ArrayLike<number>;
  /** [height, width] in 0…1: the raw vertical field. */
  readonly fieldY: ArrayLike<number>;
}

const held = {
  image: scratch((length) => new Float32Array(length)),
  warped: scratch((length) => new Float32Array(length)),
  field: scratch((length) => new Float64Array(length)),
  dx: scratch((length) => new Float32Array(length)),
  dy: scratch((length) => new Float32Array(length)),
};

/** A random field of -1…1, smoothed and scaled. @param u [height, width] in 0…1 @param out [height, width] pixels */
export function displacementField(
  u: ArrayLike<number>,
  { height, width }: ImageSize,
  alpha: number,
  sigma: number,
  out: Float32Array,
): void {
  const field = held.field(height * width);
  for (let i = 0; i < field.length; i++) field[i] = -1 + 2 * u[i]!;
  gaussianSmooth(field, height, width, 1, gaussianWeights(sigma, 3), mirrorHalf);
  for (let i = 0; i < field.length; i++) out[i] = field[i]! * alpha;
}

/** A random affine warp, then a smooth random displacement of every pixel. */
export const elasticTransform: Noise<ElasticTransformDraws> = {
  draw(rng, { height, width }) {
    return {
      points: rng.fillUniform(new Float64Array(6)),
      fieldX: rng.fillUniform(new Float64Array(height * width)),
      fieldY: rng.fillUniform(new Float64Array(height * width)),
    };
  },

  apply(image, size, severity, { points, fieldX, fieldY }, out) {
    const side = Math.min(size.height, size.width);
    const [alpha, sigma, shift] = constantFor(elasticConstants, size, severity).map(
      (share) => share * side,
    ) as [number, number, number];
    const values = held.image(image.length);
    for (let i = 0; i < image.length; i++) values[i] = image[i]! / 255;

    const [centreX, centreY, reach] = [size.width / 2, size.height / 2, Math.max(1, Math.floor(side / 3))];
    const corners = [
      centreX + reach,
      centreY + reach,
      centreX + reach,
      centreY - reach,
      centreX - reach,
      centreY - reach,
    ];
    const targets = Float32Array.from(corners, (corner, i) => corner + -shift + 2 * shift * points[i]!);
    const warped = held.warped(image.length);
    warpAffine(values, size, affineOf({ centreX, centreY, reach, targets }), warped);

    // Severity 1 has no displacement: sampling at the pixels themselves would change nothing.
    let moved = warped;
    if (alpha > 0) {
      const [dx, dy] = [held.dx(fieldX.length), held.dy(fieldY.length)];
      displacementField(fieldX, size, alpha, sigma, dx);
      displacementField(fieldY, size, alpha, sigma, dy);
      displace(warped, size, dx, dy, values);
      moved = values;
    }
    for (let i = 0; i < image.length; i++) {
      const value = moved[i]!;
      out[i] = value >= 1 ? 255 : value > 0 ? Math.fround(value * 255) : 0;
    }
  },
};
