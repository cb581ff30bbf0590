import { writeFile } from 'node:fs/promises';

import { readNpy, writeNpy } from '../core/npy.js';
import { corruptImages } from '../noises/corrupt.js';
import { openNoise } from '../noises/index.js';
import type { Severity } from '../noises/noise.js';
import { gather, pieces, rowSize } from '../nn/batch.js';
import { defineStage } from '../pipeline/stage.js';

type Params = {
  /** One noise, or the members of a mixture: each (image, severity) then gets one of them, drawn equally. */
  readonly noises: readonly string[];
  /** Versions of the noises, so that a corrected noise is made again. */
  readonly versions: readonly number[];
  readonly severities: readonly number[];
  readonly images: 'all' | number;
};

const chunk = 500;

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
  run: async ({ params, input, output, rng, emit, signal }) => {
    const clean = await readNpy<Uint8Array>(input('dataset', 'test-images.npy'));
    const total = clean.shape[0]!;
    const count = params.images === 'all' ? total : Math.min(params.images, total);
    const chosen = rng.child('images').sample(total, count).sort();
    const opened = await Promise.all(params.noises.map((name) => openNoise(name)));
    const rows = count * params.severities.length;
    const out = { shape: [rows, ...clean.shape.slice(1)], data: new Uint8Array(rows * rowSize(clean)) };
    const baseImage = new Uint32Array(rows);
    const severityOf = new Uint8Array(rows);
    const noiseOf = new Uint8Array(rows);

    for (const [s, severity] of params.severities.entries()) {
      const mixture = rng.child(`mixture/${params.noises.join('+')}/s${severity}`);
      const pick = Uint8Array.from(chosen, () => (opened.length === 1 ? 0 : mixture.int(opened.length)));
      for (const [from, to] of pieces(count, chunk)) {
        signal.throwIfAborted();
        for (const [n, noise] of opened.entries()) {
          const places = Array.from({ length: to - from }, (_, k) => from + k).filter((k) => pick[k] === n);
          if (places.length === 0) continue;
          const indices = places.map((k) => chosen[k]!);
          const bytes = corruptImages({
            noise,
            severity: severity as Severity,
            images: gather(clean, indices),
            indices,
            rng,
          });
          const row = rowSize(clean);
          places.forEach((k, i) =>
            out.data.set(bytes.subarray(i * row, (i + 1) * row), (s * count + k) * row),
          );
        }
        emit({ type: 'progress', done: s * count + to, total: rows, unit: 'images' });
        await new Promise(setImmediate);
      }
      baseImage.set(chosen, s * count);
      severityOf.fill(severity, s * count, (s + 1) * count);
      noiseOf.set(pick, s * count);
    }
    await writeNpy(output('images.npy'), out);
    await writeNpy(output('base-image.npy'), { shape: [rows], data: baseImage });
    await writeNpy(output('severity.npy'), { shape: [rows], data: severityOf });
    await writeNpy(output('noise.npy'), { shape: [rows], data: noiseOf });
    await writeFile(output('corrupt.json'), `${JSON.stringify({ noises: params.noises, images: count })}\n`);
  },
});
