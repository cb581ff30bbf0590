import type { Rank, Tensor, Tensor2D, Tensor3D, Tensor4D } from '@tensorflow/tfjs';

import type { Engine } from '../engine/engine.js';
import { pieces, rows, type Images } from '../nn/batch.js';

/**
 * Spectra of whole batches. The sides of images here are short, so each Fourier transform is two products with the
 * matrix of cosines and sines: any side works, and TensorFlow does them all at once.
 */

/** Real and imaginary part, [n, 3, width, height] each: `width` counts u, `height` v. Orthonormal. */
export interface Spectra {
  readonly real: Tensor4D;
  readonly imaginary: Tensor4D;
}

/** Rows: brightness, red against green, both against blue; orthonormal, so white noise stays white. */
export const opponent: readonly (readonly number[])[] = [
  [1, 1, 1],
  [1, -1, 0],
  [1, 1, -2],
].map((row) => row.map((value) => value / Math.sqrt(row.reduce((sum, each) => sum + each * each, 0))));

/** Bytes [n, height, width, 3] to opponent channels [n, 3, height, width] of images from 0 to 1. */
export function toOpponent({ tf }: Engine, images: Images): Tensor4D {
  const [n, height, width] = images.shape as [number, number, number, number];
  return tf.tidy(() => {
    const bytes = tf.tensor2d(Float32Array.from(images.data), [n * height * width, 3]);
    const turned = tf.matMul<Tensor2D>(tf.div(bytes, 255), tf.tensor2d(opponent as number[][]), false, true);
    return tf.transpose<Tensor4D>(tf.reshape(turned, [n, height, width, 3]), [0, 3, 1, 2]);
  });
}

/** The way back: opponent channels [n, 3, height, width] to [n, height, width, 3], not clipped. */
export function fromOpponent({ tf }: Engine, x: Tensor4D): Tensor4D {
  return tf.tidy(() => {
    const [n, , height, width] = x.shape;
    const flat = tf.reshape(tf.transpose(x, [0, 2, 3, 1]), [n * height * width, 3]);
    const pixels = tf.matMul<Tensor2D>(flat, tf.tensor2d(opponent as number[][]));
    return tf.reshape<Rank.R4>(pixels, [n, height, width, 3]);
  });
}

/** Cosines and sines of 2 pi j k / n, [n, n], over the root of n. */
function waves({ tf }: Engine, n: number): { cos: Tensor2D; sin: Tensor2D } {
  const of = (f: (angle: number) => number): Tensor2D =>
    tf.tensor2d(
      Float32Array.from({ length: n * n }, (_, i) => {
        const jk = (Math.floor(i / n) * (i % n)) % n;
        return f((2 * Math.PI * jk) / n) / Math.sqrt(n);
      }),
      [n, n],
    );
  return { cos: of(Math.cos), sin: of(Math.sin) };
}

/** Along the last axis. */
function along({ tf }: Engine, x: Tensor4D, matrix: Tensor2D): Tensor4D {
  const [n, c, rowCount, length] = x.shape;
  const product = tf.matMul<Tensor2D>(tf.reshape(x, [n * c * rowCount, length]), matrix);
  return tf.reshape<Rank.R4>(product, [n, c, rowCount, length]);
}

const turn = (engine: Engine, x: Tensor4D): Tensor4D => engine.tf.transpose<Tensor4D>(x, [0, 1, 3, 2]);

/** @param x [n, 3, height, width] */
export function spectraOf(engine: Engine, x: Tensor4D): Spectra {
  const { tf } = engine;
  const [real, imaginary] = tf.tidy(() => {
    const across = waves(engine, x.shape[3]);
    const down = waves(engine, x.shape[2]);
    // exp(-i a) = cos a - i sin a, first along rows, then along columns.
    const re = turn(engine, along(engine, x, across.cos));
    const im = turn(engine, tf.neg(along(engine, x, across.sin)));
    return [
      tf.add<Tensor4D>(along(engine, re, down.cos), along(engine, im, down.sin)),
      tf.sub<Tensor4D>(along(engine, im, down.cos), along(engine, re, down.sin)),
    ];
  });
  return { real: real, imaginary: imaginary };
}

/** The real part [n, 3, height, width] of the inverse of `spectraOf`. */
export function fromSpectra(engine: Engine, { real, imaginary }: Spectra): Tensor4D {
  const { tf } = engine;
  return tf.tidy(() => {
    const across = waves(engine, real.shape[2]);
    const down = waves(engine, real.shape[3]);
    const re = tf.sub<Tensor4D>(along(engine, real, down.cos), along(engine, imaginary, down.sin));
    const im = tf.add<Tensor4D>(along(engine, real, down.sin), along(engine, imaginary, down.cos));
    return tf.sub<Tensor4D>(
      along(engine, turn(engine, re), across.cos),
      along(engine, turn(engine, im), across.sin),
    );
  });
}

/**
 * Which radial band each frequency belongs to, [width * height] in the order of `Spectra`; the constant term and what
 * is below the first edge have the number of bands.
 * @param edges ascending, in cycles per 32 pixels; the last band has no upper end
 */
export function bandsOf(height: number, width: number, edges: readonly number[]): Int32Array {
  const cycles = (k: number, length: number): number => (Math.min(k, length - k) / length) * 32;
  return Int32Array.from({ length: width * height }, (_, i) => {
    const [u, v] = [cycles(Math.floor(i / height), width), cycles(i % height, height)];
    const radius = Math.sqrt(u * u + v * v);
    const above = edges.filter((edge) => radius >= edge).length;
    return above === 0 || i === 0 ? edges.length : above - 1;
  });
}

/** The mean power of each band, [n, 3, bands]: 1 for white noise of deviation 1, 0 where a band has no frequency. */
export function bandPowers(engine: Engine, spectra: Spectra, bands: Int32Array, count: number): Tensor3D {
  const { tf } = engine;
  return tf.tidy(() => {
    const [n, channels, width, height] = spectra.real.shape;
    const sizes = Array.from({ length: count }, (_, band) => bands.filter((each) => each === band).length);
    const share = new Float32Array(bands.length * count);
    bands.forEach((band, i) => {
      if (band < count) share[i * count + band] = 1 / sizes[band]!;
    });
    const power = tf.add(tf.square(spectra.real), tf.square(spectra.imaginary));
    const flat = tf.reshape<Rank.R2>(power, [n * channels, width * height]);
    const means = tf.matMul<Tensor2D>(flat, tf.tensor2d(share, [bands.length, count]));
    return tf.reshape<Rank.R3>(means, [n, channels, count]);
  });
}

/** What the environment model knows of an image. */
export interface Bands {
  /** Of each opponent channel and band, [n, 3, bands]. */
  readonly power: Float32Array;
  /** Of each opponent channel, [n, 3]. */
  readonly mean: Float32Array;
  readonly count: number;
}

const batch = 500;

/** Band powers and means of images [n, height, width, 3]. */
export async function measureBands(
  engine: Engine,
  images: Images,
  edges: readonly number[],
  onProgress: (done: number) => void = () => undefined,
): Promise<Bands> {
  const { tf } = engine;
  const [count, height, width] = images.shape as [number, number, number, number];
  const bands = bandsOf(height, width, edges);
  const power = new Float32Array(count * 3 * edges.length);
  const mean = new Float32Array(count * 3);
  for (const [from, to] of pieces(count, batch)) {
    const found: Tensor[] = tf.tidy(() => {
      const x = toOpponent(engine, rows(images, from, to));
      return [bandPowers(engine, spectraOf(engine, x), bands, edges.length), tf.mean(x, [2, 3])];
    });
    power.set(await found[0]!.data(), from * 3 * edges.length);
    mean.set(await found[1]!.data(), from * 3);
    tf.dispose(found);
    onProgress(to);
    await new Promise(setImmediate);
  }
  return { power, mean, count };
}
