import { writeFile } from 'node:fs/promises';

import { readNpy, writeNpy } from '../core/npy.js';
import { openCorruptor } from '../noises/corruptor.js';
import { readMixture, requireSameLabels } from '../noises/imported-mixture.js';
import { corruptMixture, type Mixture, type MixtureRequest } from '../noises/mixture.js';
import type { Severity } from '../noises/noise.js';
import { defineStage } from '../pipeline/stage.js';

/** The noisy images are made here, or come from arrays that `runtime.files` knows by their SHA-256. */
type Source =
  | {
      /** Versions of the noises, so that a corrected noise is made again. */
      readonly versions: readonly number[];
    }
  | {
      /** One file for each of the noises. */
      readonly arrays: { readonly images: readonly string[]; readonly labels: string };
    };

type Params = Source & {
  /** One noise, or the members of a mixture: each (image, severity) then gets one of them, drawn equally. */
  readonly noises: readonly string[];
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
    const request: MixtureRequest = {
      noises,
      severities,
      images: clean,
      indices: chosen,
      rng,
      signal,
      onProgress: (done) => {
        emit({ type: 'progress', done, total: rows, unit: 'images' });
      },
    };
    let mixture: Mixture;
    if ('arrays' in params) {
      const fileOf = (digest: string): string => runtime.files[digest]!;
      const arrays = { images: params.arrays.images.map(fileOf), labels: fileOf(params.arrays.labels) };
      const labels = await readNpy<Uint8Array>(input('dataset', 'test-labels.npy'));
      await requireSameLabels(arrays.labels, labels.data);
      mixture = await readMixture(arrays, request);
    } else {
      const corruptor = openCorruptor(rows, runtime.cores);
      mixture = await corruptMixture(corruptor, request).finally(() => corruptor.close());
    }
    await writeNpy(output('images.npy'), mixture.images);
    await writeNpy(output('noise.npy'), { shape: [rows], data: mixture.noiseOf });
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
