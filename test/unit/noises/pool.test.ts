import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { beforeEach, expect, it, onTestFinished } from 'vitest';

import { DataError, formatError } from '../../../src/core/errors.js';
import type { NdArray } from '../../../src/core/npy.js';
import { Rng } from '../../../src/core/rng.js';
import { corruptImages } from '../../../src/noises/corrupt.js';
import { openNoise } from '../../../src/noises/index.js';
import { madeHere, type NoiseParams } from '../../../src/noises/made-here.js';
import { sampleImages } from '../../../src/noises/measure.js';
import { NoisePool } from '../../../src/noises/pool.js';
import { imagesOf, type Wanted } from '../../support/noisy-images.js';
import { tempFolder } from '../../support/temp-folder.js';

const entry = new URL('../../../dist/noises/pool-worker.js', import.meta.url);
const rng = new Rng(4, 'pool');
// More than one piece, and a last one that is not full.
const images: NdArray<Uint8Array> = sampleImages(800, 32);
const indices = Uint32Array.from({ length: 800 }, (_, i) => i);
const request: Wanted = {
  noises: ['glass_blur'],
  severities: [2, 5],
  indices,
  rng,
  signal: new AbortController().signal,
  onProgress: () => undefined,
};

beforeEach(() => {
  if (!existsSync(entry)) throw new Error('these tests need a build: npm run build');
});

async function make(jobs: number, wanted: Wanted, params: NoiseParams = {}): Promise<Uint8Array> {
  const source = madeHere({ images, labels: new Uint8Array(800) }, () => new NoisePool(jobs, entry), params);
  return (await imagesOf(source, wanted)).data;
}

it('makes the same images with any number of threads, and they are those of corruptImages', async () => {
  const [one, three] = [await make(1, request), await make(3, request)];
  expect(Buffer.compare(three, one)).toBe(0);
  const noise = await openNoise('glass_blur');
  const expected = request.severities.map((severity) =>
    corruptImages({ noise, severity, images, indices, rng }),
  );
  expect(Buffer.compare(one, Buffer.concat(expected))).toBe(0);
});

it('brings over what is wrong with parameters', async () => {
  const missing = join(await tempFolder(), 'none');
  const wrong = make(1, { ...request, noises: ['frost'] }, { frost: { textures: missing } });
  const error = await wrong.catch((reason: unknown) => reason);
  expect(formatError(error)).toBe(
    `PN360 the folder of frost textures cannot be read\n  at ${missing}\n  Give a folder with one or more PNG or JPEG photos of frost, each some hundred pixels wide.`,
  );
});

it('works on after an error that a person can mend, and names noise and severity when a thread fails', async () => {
  const pool = new NoisePool(1, entry);
  onTestFinished(() => pool.close());
  const piece = (noise: string, bytes: number, textures?: string): Parameters<NoisePool['corrupt']>[0] => ({
    noise,
    params: textures === undefined ? {} : { textures },
    severity: 3 as const,
    images: new Uint8Array(bytes),
    shape: [1, 8, 8, 3],
    indices: new Uint32Array(1),
    seed: 0,
    stream: 'pool',
  });
  await expect(pool.corrupt(piece('frost', 192, '/no such folder'))).rejects.toThrow(DataError);
  expect(await pool.corrupt(piece('fog', 192))).toHaveLength(192);
  const wrong = { ...piece('fog', 5), shape: [5] };
  await expect(pool.corrupt(wrong)).rejects.toThrow('the noise fog at severity 3 failed');
});
