import { Rng } from '../../../dist/core/rng.js';
import { corruptImages } from '../../../dist/noises/corrupt.js';
import { openNoise } from '../../../dist/noises/index.js';
import { sampleImages } from '../../../dist/noises/measure.js';
import { severities } from '../../../dist/noises/noise.js';

/** The work of `patchnas bench noises` on one core: each image at each severity, drawing included. */
export async function make(spec) {
  const noise = await openNoise(spec.noise);
  const images = sampleImages(spec.images, 32);
  const indices = Uint32Array.from({ length: spec.images }, (_, n) => n);
  const rng = new Rng(0, 'measure');
  const round = async () => {
    for (const severity of severities) corruptImages({ noise, severity, images, indices, rng });
  };
  return { warm: round, round };
}
