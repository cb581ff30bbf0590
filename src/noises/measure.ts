import type { NdArray } from '../core/npy.js';
import { Rng } from '../core/rng.js';
import { corruptImages } from './corrupt.js';
import { openNoise } from './index.js';
import { severities } from './noise.js';
import type { NoisePool } from './pool.js';

/** Images to measure with, smooth with some grain; what is in them hardly matters for the time. */
export function sampleImages(n: number, side: number): NdArray<Uint8Array> {
  const rng = new Rng(0, 'measure');
  const data = new Uint8Array(n * side * side * 3);
  for (let i = 0; i < data.length; i++) {
    const pixel = Math.floor(i / 3);
    data[i] = 64 + ((pixel % side) + (Math.floor(pixel / side) % side)) * (96 / side) + rng.int(64);
  }
  return { shape: [n, side, side, 3], data };
}

/** Milliseconds of processor time that one image takes on one core, drawing included; the mean of all severities. */
export async function msOnOneCore(name: string, images: NdArray<Uint8Array>): Promise<number> {
  const noise = await openNoise(name);
  const rng = new Rng(0, 'measure');
  const n = images.shape[0]!;
  const indices = Uint32Array.from({ length: n }, (_, i) => i);
  const all = (): void => {
    for (const severity of severities) corruptImages({ noise, severity, images, indices, rng });
  };
  all(); // compiles, and makes what is made once
  const before = process.cpuUsage();
  all();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / (n * severities.length);
}

/** Milliseconds of a clock on the wall that one image takes when the whole pool works at them. */
export async function msInPool(pool: NoisePool, name: string, images: NdArray<Uint8Array>): Promise<number> {
  const [n, ...rest] = images.shape as [number, ...number[]];
  const rowBytes = rest.reduce((a, b) => a * b, 1);
  const rows = Math.ceil(n / pool.jobs);
  const all = async (): Promise<void> => {
    const pieces = severities.flatMap((severity) =>
      Array.from({ length: pool.jobs }, async (_, job) => {
        const [from, to] = [Math.min(n, job * rows), Math.min(n, (job + 1) * rows)];
        await pool.corrupt({
          noise: name,
          params: {},
          severity,
          images: images.data.slice(from * rowBytes, to * rowBytes),
          shape: [to - from, ...rest],
          indices: Uint32Array.from({ length: to - from }, (_, k) => from + k),
          seed: 0,
          stream: 'measure',
        });
      }),
    );
    await Promise.all(pieces);
  };
  await all();
  const before = performance.now();
  await all();
  return (performance.now() - before) / (n * severities.length);
}
