import { Rng } from '../core/rng.js';
import type { ImageSize } from './noise.js';
import { bend, correlatedField, standardise, type Component } from './ops/correlated-field.js';
import { scaledSize } from './ops/cv-resize.js';

/** A picture of frost, larger than the images that it is laid over. */
export interface Texture {
  readonly size: ImageSize;
  /** [height, width, 3] bytes */
  readonly rgb: Uint8Array;
}

/** What was measured of one of the reference's photos, scaled to a fifth. */
interface Photo {
  /** Of the photo before scaling. */
  readonly size: ImageSize;
  readonly mean: readonly [number, number, number];
  readonly sd: readonly [number, number, number];
  /** Percentiles 1, 25, 50, 75 and 99 of luma. */
  readonly luma: readonly [number, number, number, number, number];
  /** Chosen so that the luma's autocorrelation at lags 1, 2, 4 and 8 is the photo's; the rest is white. */
  readonly components: readonly Component[];
}

const photo1: Photo = {
  size: { height: 600, width: 900 },
  mean: [78, 149, 166],
  sd: [27, 16, 15],
  luma: [95, 116, 128, 141, 177],
  components: parts(0.085, 0.33, 0.3),
};
const photo2: Photo = {
  size: { height: 315, width: 560 },
  mean: [201, 205, 215],
  sd: [21, 22, 23],
  luma: [141, 193, 208, 221, 244],
  components: parts(0.13, 0, 0.49),
};
const photo4: Photo = {
  size: { height: 350, width: 527 },
  mean: [138, 153, 166],
  sd: [29, 29, 30],
  luma: [79, 133, 150, 167, 236],
  components: parts(0.065, 0.24, 0.175),
};
const photo5: Photo = {
  size: { height: 495, width: 660 },
  mean: [112, 123, 135],
  sd: [44, 43, 42],
  luma: [43, 89, 117, 149, 237],
  components: parts(0.17, 0.09, 0.352),
};
/** The reference draws one of five; its second and third photo decode to the same pixels. */
const photos = [photo1, photo2, photo2, photo4, photo5];

/** Fine, middle and coarse structure in pixels of a photo scaled to a fifth, and white noise for the rest. */
function parts(fine: number, middle: number, coarse: number): Component[] {
  return [
    { sigma: 0, share: 1 - fine - middle - coarse },
    { sigma: 1, share: fine },
    { sigma: 6, share: middle },
    { sigma: 24, share: coarse },
  ];
}

const normalQuantiles = [-2.3263, -0.6745, 0, 0.6745, 2.3263];

/**
 * The five textures that stand for the reference's photos, which are not ours to ship: random fields, always the
 * same ones, with the photos' colours, luma percentiles and horizontal autocorrelation.
 * @param scale what the photos would be scaled by: 0.2 or 0.3
 * @param least the textures are larger than this in both directions
 */
export function frostTextures(scale: number, least: ImageSize): Texture[] {
  const made = new Map(photos.map((photo) => [photo, texture(photo, scale, least)]));
  return photos.map((photo) => made.get(photo)!);
}

function texture(photo: Photo, scale: number, least: ImageSize): Texture {
  const scaled = scaledSize(photo.size, scale);
  const size = {
    height: Math.max(scaled.height, least.height + 1),
    width: Math.max(scaled.width, least.width + 1),
  };
  const components = photo.components.map(({ sigma, share }) => ({ sigma: sigma * (scale / 0.2), share }));
  const field = correlatedField(new Rng(0, `frost/${photos.indexOf(photo) + 1}`), size, components);
  standardise(field);
  bend(
    field,
    photo.luma.map((value, i) => [normalQuantiles[i]!, value] as const),
  );
  standardise(field);
  const rgb = new Uint8ClampedArray(field.length * 3);
  for (let p = 0; p < field.length; p++) {
    for (let k = 0; k < 3; k++) rgb[p * 3 + k] = photo.mean[k]! + photo.sd[k]! * field[p]!;
  }
  return { size, rgb: new Uint8Array(rgb.buffer) };
}
