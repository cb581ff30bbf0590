import { existsSync } from 'node:fs';

import { expect, it, onTestFinished } from 'vitest';

import { Rng } from '../../../src/core/rng.js';
import { corruptImages } from '../../../src/noises/corrupt.js';
import { openCorruptor, type Corruptor } from '../../../src/noises/corruptor.js';
import { openNoise } from '../../../src/noises/index.js';
import { madeHere } from '../../../src/noises/made-here.js';
import { sampleImages } from '../../../src/noises/measure.js';
import { OwnThread } from '../../../src/noises/own-thread.js';
import { NoisePool } from '../../../src/noises/pool.js';
import { imagesOf, type Wanted } from '../../support/noisy-images.js';

const entry = new URL('../../../dist/noises/pool-worker.js', import.meta.url);
const rng = new Rng(4, 'corrupt');
const images = sampleImages(1300, 8);
/** Every other image, so that places and numbers differ; more than one piece a severity. */
const indices = Uint32Array.from({ length: 650 }, (_, k) => 2 * k);
const clean = { images, labels: new Uint8Array(1300) };
const request: Wanted = {
  noises: ['gaussian_noise', 'contrast', 'frost'],
  severities: [1, 4],
  indices,
  rng,
  signal: new AbortController().signal,
  onProgress: () => undefined,
};

function poolOf(jobs: number): Corruptor {
  if (!existsSync(entry)) throw new Error('these tests need a build: npm run build');
  const pool = new NoisePool(jobs, entry);
  onTestFinished(() => pool.close());
  return pool;
}

it('gives each image and severity the noise that the stream of the mixture draws', async () => {
  const { data, noiseOf } = await imagesOf(
    madeHere(clean, () => new OwnThread()),
    request,
  );
  expect(noiseOf).toHaveLength(1300);
  const opened = await Promise.all(request.noises.map((name) => openNoise(name)));
  for (const [s, severity] of request.severities.entries()) {
    const stream = rng.child(`mixture/gaussian_noise+contrast+frost/s${severity}`);
    for (const [k, index] of indices.entries()) {
      const row = s * 650 + k;
      const drawn = stream.int(3);
      expect(noiseOf[row]).toBe(drawn);
      const image = { shape: [1, 8, 8, 3], data: images.data.subarray(index * 192, (index + 1) * 192) };
      const expected = corruptImages({
        noise: opened[drawn]!,
        severity,
        images: image,
        indices: [index],
        rng,
      });
      if (Buffer.compare(data.subarray(row * 192, (row + 1) * 192), expected) !== 0)
        expect.fail(`row ${row} differs`);
    }
  }
});

it('makes the same bytes with a pool of threads as on its own thread', async () => {
  const [own, pooled] = await Promise.all(
    [() => new OwnThread(), () => poolOf(3)].map((open) => imagesOf(madeHere(clean, open), request)),
  );
  expect(Buffer.compare(pooled!.data, own!.data)).toBe(0);
  expect(pooled!.noiseOf).toEqual(own!.noiseOf);
});

it('draws nothing for a single noise, and tells how far it is', async () => {
  const told: [number, number][] = [];
  const source = madeHere(clean, () => new OwnThread());
  const { noiseOf } = await imagesOf(source, {
    ...request,
    noises: ['contrast'],
    onProgress: (...progress) => told.push(progress),
  });
  expect(noiseOf).toEqual(new Uint8Array(1300));
  expect(told).toEqual([
    [500, 1300],
    [650, 1300],
    [1150, 1300],
    [1300, 1300],
  ]);
});

it.each([
  ['its own thread', () => new OwnThread()],
  ['a pool', () => poolOf(2)],
])('stops on %s when it is cancelled', async (_, open) => {
  const stop = new AbortController();
  const told: number[] = [];
  const making = imagesOf(madeHere(clean, open), {
    ...request,
    severities: [1, 2, 3, 4, 5],
    signal: stop.signal,
    onProgress: (done) => {
      told.push(done);
      stop.abort();
    },
  });
  await expect(making).rejects.toThrow('This operation was aborted');
  expect(told.length).toBeLessThanOrEqual(3);
});

it('uses threads for many images only, and only where there are several', async () => {
  const corruptors = [openCorruptor(2000, 4), openCorruptor(2001, 1)];
  expect(corruptors.map((corruptor) => corruptor.constructor)).toEqual([OwnThread, OwnThread]);
});
