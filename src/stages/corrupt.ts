import { writeFile } from 'node:fs/promises';

import { readNpy, writeNpy } from '../core/npy.js';
import { openCorruptor } from '../noises/corruptor.js';
import { corruptMixture } from '../noises/mixture.js';
import type { Severity } from '../noises/noise.js';
import { defineStage } from '../pipeline/stage.js';

type Params = {
  /** One noise, or the members of a mixture: each (image, severity) then gets one of them, drawn equally. */
  readonly noises: readonly string[];
  /** Versions of the noises, so that a corrected noise is made again. */
  readonly versions: readonly number[];
  readonly severities: readonly number[];
  readonly images: 'all' | number;
};

/**
 * The noisy images of one environment: the chosen test images at every severity, severity by severity. All
 * environments of an experiment share one stream, so they use the same images and the same noise has the same draws.
 */
export const corrupt = defineStage<Params>({
  name: 'corrupt',
  summary: 'test images with the noises of one environment, at every severity',
  version: 1,
  outputs: ['images.npy', 'base-image.npy', 'severity.npy', 'noise.npy', 'corrupt.json'],
  engine: false,
  random: true,
  run: async ({ params, input, output, rng, emit, signal, runtime }) => {
    const { noises } = params;
    const severities = params.severities as readonly Severity[];
    const clean = await readNpy<Uint8Array>(input('dataset', 'test-images.npy'));
    const total = clean.shape[0]!;
    const count = params.images === 'all' ? total : Math.min(params.images, total);
    const chosen = rng.child('images').sample(total, count).sort();
    const rows = count * severities.length;
    const corruptor = openCorruptor(rows, runtime.cores);
    try {
      const { images, noiseOf } = await corruptMixture(corruptor, {
        noises,
        severities,
        images: clean,
        indices: chosen,
        rng,
        signal,
        onProgress: (done) => {
          emit({ type: 'progress', done, total: rows, unit: 'images' });
        },
      });
      await writeNpy(output('images.npy'), images);
      await writeNpy(output('noise.npy'), { shape: [rows], data: noiseOf });
    } finally {
      await corruptor.close();
    }
    const baseImage = new Uint32Array(rows);
    const severityOf = new Uint8Array(rows);
    for (const [s, severity] of severities.entries()) {
      baseImage.set(chosen, s * count);
      severityOf.fill(severity, s * count, (s + 1) * count);
    }
    await writeNpy(output('base-image.npy'), { shape: [rows], data: baseImage });
    await writeNpy(output('severity.npy'), { shape: [rows], data: severityOf });
    await writeFile(output('corrupt.json'), `${JSON.stringify({ noises, images: count })}\n`);
  },
});
