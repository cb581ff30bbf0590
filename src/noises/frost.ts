import { constantFor, constantsSize, type Constants } from './constants.js';
import { photoScale, readPhotos, requireLarger } from './frost-photos.js';
import { frostTextures, type Texture } from './frost-textures.js';
import type { ImageSize, Noise } from './noise.js';
import { bilinearResize } from './ops/cv-resize.js';

/** [weight of the image, weight of the frost] */
const weights: Constants<readonly [number, number]> = {
  32: [
    [1, 0.2],
    [1, 0.3],
    [0.9, 0.4],
    [0.85, 0.4],
    [0.75, 0.45],
  ],
  64: [
    [1, 0.3],
    [0.9, 0.4],
    [0.8, 0.45],
    [0.75, 0.5],
    [0.7, 0.55],
  ],
};

export interface FrostDraws {
  /** [height, width, 3] bytes of frost */
  readonly crop: Uint8Array;
}

/** Frost with textures of one's own; `texturesFor` is asked once for each size of image. */
function frostOf(texturesFor: (size: ImageSize) => readonly Texture[]): Noise<FrostDraws> {
  const known = new Map<string, readonly Texture[]>();
  return {
    draw(rng, size) {
      const key = `${size.height}x${size.width}`;
      let textures = known.get(key);
      if (!textures) known.set(key, (textures = texturesFor(size)));
      const texture = textures[rng.int(textures.length)]!;
      // The last position is never drawn, as in the reference.
      const row = rng.int(texture.size.height - size.height);
      const column = rng.int(texture.size.width - size.width);
      return { crop: cut(texture, row, column, size) };
    },

    apply(image, size, severity, { crop }, out) {
      const [own, frosty] = constantFor(weights, size, severity);
      for (let i = 0; i < out.length; i++) {
        const value = own * image[i]! + frosty * crop[i]!;
        out[i] = value > 255 ? 255 : value;
      }
    },
  };
}

function cut({ size, rgb }: Texture, row: number, column: number, { height, width }: ImageSize): Uint8Array {
  const crop = new Uint8Array(height * width * 3);
  for (let r = 0; r < height; r++) {
    const from = ((row + r) * size.width + column) * 3;
    crop.set(rgb.subarray(from, from + width * 3), r * width * 3);
  }
  return crop;
}

/** A crop of frost laid over the image. */
export const frost: Noise<FrostDraws> = {
  ...frostOf((size) => frostTextures(photoScale[constantsSize(size)], size)),

  /** `textures`: a folder of photos to use instead of the made ones, each as likely as the others. */
  async configure({ textures: folder }) {
    if (typeof folder !== 'string') return frost;
    const photos = await readPhotos(folder);
    return frostOf((size) => {
      const scale = photoScale[constantsSize(size)];
      return photos.map((photo) => ({
        size: requireLarger(photo.size, size, folder),
        rgb: bilinearResize(photo.rgb, photo.size, scale),
      }));
    });
  },
};
