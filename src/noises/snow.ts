import { constantFor, type Constants } from './constants.js';
import type { ImageSize, Noise } from './noise.js';
import { byteOfUnit, unitOfByte } from './ops/bytes.js';
import { motionBlur, motionWeights } from './ops/motion.js';
import { scratch } from './ops/scratch.js';
import { zoom, zoomPlan } from './ops/zoom.js';

interface SnowConstants {
  /** Mean and standard deviation of the field. */
  readonly mean: number;
  readonly sd: number;
  readonly zoom: number;
  /** Smaller values become 0. */
  readonly threshold: number;
  /** Of the motion blur, in pixels. */
  readonly radius: number;
  readonly sigma: number;
  /** Share of the image against its whitened copy. */
  readonly mix: number;
}

export const snowLayers: readonly Omit<SnowConstants, 'mix'>[] = [
  { mean: 0.1, sd: 0.2, zoom: 1, threshold: 0.6, radius: 8, sigma: 3 },
  { mean: 0.1, sd: 0.2, zoom: 1, threshold: 0.5, radius: 10, sigma: 4 },
  { mean: 0.15, sd: 0.3, zoom: 1.75, threshold: 0.55, radius: 10, sigma: 4 },
  { mean: 0.25, sd: 0.3, zoom: 2.25, threshold: 0.6, radius: 12, sigma: 6 },
  { mean: 0.3, sd: 0.3, zoom: 1.25, threshold: 0.65, radius: 14, sigma: 12 },
];

const mixes: Constants<number> = {
  32: [0.95, 0.9, 0.9, 0.85, 0.8],
  64: [0.8, 0.8, 0.7, 0.65, 0.6],
};

export interface SnowDraws {
  /** [height, width] standard normal numbers. */
  readonly z: ArrayLike<number>;
  /** Of the fall, -90 being straight down the picture. */
  readonly angleDeg: number;
}

const field = scratch((length) => new Float64Array(length));
const zoomed = scratch((length) => new Float64Array(length));
const flakes = scratch((length) => new Uint8Array(length));
const streaks = scratch((length) => new Uint8Array(length));

/** The flakes before they are smeared. @param out [height, width] bytes */
export function snowFlakes(
  z: ArrayLike<number>,
  size: ImageSize,
  layer: Omit<SnowConstants, 'mix'>,
  out: Uint8Array,
): void {
  const values = field(z.length);
  for (let i = 0; i < values.length; i++) values[i] = layer.mean + layer.sd * z[i]!;
  const near = zoomed(z.length);
  zoom(zoomPlan(size, layer.zoom), values, near);
  for (let i = 0; i < out.length; i++) out[i] = near[i]! < layer.threshold ? 0 : byteOfUnit(near[i]!);
}

/** A whitened image and a layer of streaks, added once as it is and once turned by 180 degrees. */
export const snow: Noise<SnowDraws> = {
  draw(rng, { height, width }) {
    return { z: rng.fillNormal(new Float64Array(height * width)), angleDeg: rng.uniform(-135, -45) };
  },

  apply(image, size, severity, { z, angleDeg }, out) {
    const layer = snowLayers[severity - 1]!;
    const still = flakes(z.length);
    snowFlakes(z, size, layer, still);
    const moved = streaks(z.length);
    motionBlur(still, size, 1, motionWeights(layer.radius, layer.sigma), angleDeg, moved);

    const { fround } = Math;
    const mix = constantFor(mixes, size, severity);
    const own = fround(mix);
    const white = fround(1 - mix);
    for (let p = 0; p < moved.length; p++) {
      const at = p * 3;
      const grey = whitened(image[at]!, image[at + 1]!, image[at + 2]!);
      const once = unitOfByte[moved[p]!]!;
      const turned = unitOfByte[moved[moved.length - 1 - p]!]!;
      for (let i = at; i < at + 3; i++) {
        const x = fround(image[i]! / 255);
        const pale = fround(fround(own * x) + fround(white * Math.max(x, grey)));
        out[i] = byteOfUnit(pale + once + turned);
      }
    }
  },
};

/** 1.5 times the luma plus a half, in single precision; 0.5 to 2. */
function whitened(red: number, green: number, blue: number): number {
  const { fround } = Math;
  const luma = fround(
    fround(fround(fround(red / 255) * fround(0.299)) + fround(fround(green / 255) * fround(0.587))) +
      fround(fround(blue / 255) * fround(0.114)),
  );
  return fround(fround(luma * 1.5) + 0.5);
}
