import type { Rng } from '../core/rng.js';
import type { StyleSource } from '../environment/style.js';
import { rows, type Images } from '../nn/batch.js';
import { corruptImages } from '../noises/corrupt.js';
import { openNoise } from '../noises/index.js';
import type { Severity } from '../noises/noise.js';

/** What an environment is made by. */
export type TrueNoise = {
  readonly noises: readonly string[];
  /** Of these noises, so that a corrected one makes a new key. */
  readonly versions: readonly number[];
  readonly severities: readonly number[];
};

/** For the style `oracle`: each image with one of the noises at one of the severities, drawn equally. */
export async function openTrueNoise({
  noises,
  severities,
}: TrueNoise): Promise<NonNullable<StyleSource['trueNoise']>> {
  const opened = await Promise.all(noises.map((name) => openNoise(name)));
  return (images: Images, rng: Rng) => {
    const out = new Uint8Array(images.data.length);
    const count = images.shape[0]!;
    for (let n = 0; n < count; n++) {
      const noise = opened[rng.int(opened.length)]!;
      const severity = severities[rng.int(severities.length)]! as Severity;
      const made = corruptImages({ noise, severity, images: rows(images, n, n + 1), indices: [n], rng });
      out.set(made, n * made.length);
    }
    return out;
  };
}
