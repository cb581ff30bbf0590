import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { beforeEach, expect, it, onTestFinished } from 'vitest';

import { sha256 } from '../../../src/core/digest.js';
import { formatError } from '../../../src/core/errors.js';
import { readNpy, type NdArray } from '../../../src/core/npy.js';
import { Rng } from '../../../src/core/rng.js';
import { corruptImages } from '../../../src/noises/corrupt.js';
import { openNoise } from '../../../src/noises/index.js';
import { sampleImages } from '../../../src/noises/measure.js';
import { NoisePool } from '../../../src/noises/pool.js';
import { writeCorrupted, type WriteRequest } from '../../../src/noises/write-corrupted.js';
import { tempFolder } from '../../support/temp-folder.js';

const entry = new URL('../../../dist/noises/pool-worker.js', import.meta.url);
const rng = new Rng(4, 'pool');
// More than one piece, and a last one that is not full.
const images: NdArray<Uint8Array> = sampleImages(800, 32);
const request: WriteRequest = { noise: 'glass_blur', severities: [2, 5], images, rng };
let folder: string;

beforeEach(async () => {
  if (!existsSync(entry)) throw new Error('these tests need a build: npm run build');
  folder = await tempFolder();
});

function poolOf(jobs: number): NoisePool {
  const pool = new NoisePool(jobs, entry);
  onTestFinished(() => pool.close());
  return pool;
}

it('writes the same file with any number of threads, and its rows are those of corruptImages', async () => {
  const digests: string[] = [];
  for (const jobs of [1, 3]) {
    const path = join(folder, `${jobs}.npy`);
    await writeCorrupted(poolOf(jobs), path, request);
    digests.push(sha256(await readFile(path)));
  }
  expect(digests[1]).toBe(digests[0]);

  const { shape, data } = await readNpy<Uint8Array>(join(folder, '1.npy'));
  expect(shape).toEqual([1600, 32, 32, 3]);
  const indices = Array.from({ length: 800 }, (_, i) => i);
  const noise = await openNoise('glass_blur');
  const expected = request.severities.map((severity) =>
    corruptImages({ noise, severity, images, indices, rng }),
  );
  expect(Buffer.compare(data, Buffer.concat(expected))).toBe(0);
});

it('keeps the numbers that the images have in their data set, and tells how far it is', async () => {
  const some = { shape: [3, 32, 32, 3], data: images.data.subarray(0, 3 * 3072) };
  const told: [number, number][] = [];
  await writeCorrupted(poolOf(2), join(folder, 'a.npy'), {
    ...request,
    severities: [1],
    images: some,
    indices: [70, 7, 30],
    onProgress: (...progress) => told.push(progress),
  });
  const { data } = await readNpy<Uint8Array>(join(folder, 'a.npy'));
  const noise = await openNoise('glass_blur');
  const expected = corruptImages({ noise, severity: 1, images: some, indices: [70, 7, 30], rng });
  expect(Buffer.compare(data, expected)).toBe(0);
  expect(told).toEqual([[3, 3]]);
});

it('leaves no file when it is stopped', async () => {
  const stop = new AbortController();
  const writing = writeCorrupted(poolOf(1), join(folder, 'a.npy'), {
    ...request,
    signal: stop.signal,
    onProgress: () => stop.abort(),
  });
  await expect(writing).rejects.toThrow('This operation was aborted');
  expect(await readdir(folder)).toEqual([]);
});

it('brings over what is wrong with parameters, leaves no file, and works on', async () => {
  const pool = poolOf(1);
  const missing = join(folder, 'none');
  const wrong = writeCorrupted(pool, join(folder, 'a.npy'), {
    ...request,
    noise: 'frost',
    params: { textures: missing },
  });
  const error = await wrong.catch((reason: unknown) => reason);
  expect(formatError(error)).toBe(
    `PN360 the folder of frost textures cannot be read\n  at ${missing}\n  Give a folder with one or more PNG or JPEG photos of frost, each some hundred pixels wide.`,
  );
  expect(await readdir(folder)).toEqual([]);
  await writeCorrupted(pool, join(folder, 'b.npy'), { ...request, severities: [1] });
  expect(await readdir(folder)).toEqual(['b.npy']);
});

it('names noise and severity when a thread fails', async () => {
  const pool = poolOf(1);
  const piece = {
    noise: 'fog',
    params: {},
    severity: 3 as const,
    images: new Uint8Array(5),
    shape: [5],
    indices: new Uint32Array(1),
    seed: 0,
    stream: 'pool',
  };
  await expect(pool.corrupt(piece)).rejects.toThrow('the noise fog at severity 3 failed');
});
