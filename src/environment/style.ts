import type { Rank, Tensor3D, Tensor4D } from '@tensorflow/tfjs';

import type { Rng } from '../core/rng.js';
import type { Engine } from '../engine/engine.js';
import { gather, type Images } from '../nn/batch.js';
import type { Style } from './choices.js';
import type { EnvironmentModel } from './model.js';
import { bandPowers, bandsOf, fromOpponent, fromSpectra, spectraOf, toOpponent } from './spectrum.js';

/**
 * Puts clean images into the style of an environment: bytes [n, height, width, 3] to whole bytes [n, height, width, 3]
 * as a float tensor. All that is random comes from the stream.
 */
export type Styler = (images: Images, rng: Rng) => Tensor4D;

/** What the styles draw from: the fitted model, or noisy images without labels. */
export interface StyleSource {
  readonly model: EnvironmentModel | undefined;
  readonly unlabeled: Images;
  readonly edges: readonly number[];
  /** The environment's own noise, bytes to bytes [n, height, width, 3], which only `oracle` knows. */
  readonly trueNoise?: (images: Images, rng: Rng) => Uint8Array;
}

/**
 * `learned` draws a component of the environment model for each image; the others take an image of D_u each and give the
 * clean one its band powers and mean (`swap`), a random share of its amplitudes (`fourier`, after Yang & Soatto 2020 and
 * Xu et al. 2021), or the mean and deviation of its channels (`mean-std`). `none` leaves images as they are. `oracle` makes
 * the environment's own noises: how far a perfect model would go, and nothing that anybody could run.
 */
export function stylerOf(engine: Engine, style: Style, source: StyleSource): Styler {
  switch (style) {
    case 'learned':
      return (images, rng) => sampleModel(engine, source.model!, images, rng);
    case 'swap':
      return byPartner(engine, source, (x, y) => swapBands(engine, x, y, source.edges));
    case 'fourier':
      return byPartner(engine, source, (x, y, rng) => mixAmplitudes(engine, x, y, rng));
    case 'mean-std':
      return byPartner(engine, source, (x, y) => moveMoments(engine, x, y));
    case 'oracle':
      return (images, rng) => asFloats(engine, { ...images, data: source.trueNoise!(images, rng) });
    case 'none':
      return (images) => asFloats(engine, images);
  }
}

function asFloats({ tf }: Engine, { data, shape }: Images): Tensor4D {
  return tf.tensor4d(Float32Array.from(data), shape as [number, number, number, number]);
}

/**
 * Images as the environment would show them: spectrum x H + spectrum of white noise x N, the mean changed by a and b.
 * Draws: a component for each image, then the noise of all of them.
 */
export function sampleModel(engine: Engine, model: EnvironmentModel, images: Images, rng: Rng): Tensor4D {
  const { tf } = engine;
  const { edges, transfer, noise, gain, shift, weights } = model;
  const [n, height, width] = images.shape as [number, number, number, number];
  const components = Array.from({ length: n }, () => drawIndex(weights, rng.double()));
  const normal = rng.fillNormal(new Float32Array(n * 3 * height * width));
  return tf.tidy(() => {
    const each = <T>(values: readonly T[]): T[] => components.map((k) => values[k]!);
    // The constant term stands behind the bands: it is scaled by 1 + a and gets no noise.
    const scale = each(transfer).map((bands, i) =>
      bands.map((band, c) => [...band, 1 + gain[components[i]!]![c]!]),
    );
    const rough = each(noise).map((bands) => bands.map((band) => [...band, 0]));
    const bands = tf.tensor1d(bandsOf(height, width, edges), 'int32');
    const spread = (values: number[][][]): Tensor4D =>
      tf.reshape<Rank.R4>(tf.gather(tf.tensor3d(values), bands, 2), [n, 3, width, height]);
    const [h, s] = [spread(scale), spread(rough)];
    const x = spectraOf(engine, toOpponent(engine, images));
    const white = spectraOf(engine, tf.tensor4d(normal, [n, 3, height, width]));
    const y = fromSpectra(engine, {
      real: tf.add(tf.mul(x.real, h), tf.mul(white.real, s)),
      imaginary: tf.add(tf.mul(x.imaginary, h), tf.mul(white.imaginary, s)),
    });
    const moved = tf.add<Tensor4D>(y, tf.reshape(tf.tensor2d(each(shift) as number[][]), [n, 3, 1, 1]));
    return toBytes(engine, moved);
  });
}

/** The first index at which the weights add up to more than `at`, 0 to 1. */
function drawIndex(weights: readonly number[], at: number): number {
  let sum = 0;
  for (const [k, weight] of weights.entries()) {
    sum += weight;
    if (at < sum) return k;
  }
  return weights.length - 1;
}

/** Clipped and rounded down as the noises' code does it; the small term is for rounding of the transforms. */
function toBytes(engine: Engine, x: Tensor4D): Tensor4D {
  const { tf } = engine;
  const pixels = tf.mul(tf.clipByValue(fromOpponent(engine, x), 0, 1), 255);
  return tf.floor(tf.add<Tensor4D>(pixels, 1e-2));
}

/** @param change gets opponent channels of the images and of one noisy image for each */
function byPartner(
  engine: Engine,
  { unlabeled }: StyleSource,
  change: (x: Tensor4D, y: Tensor4D, rng: Rng) => Tensor4D,
): Styler {
  return (images, rng) => {
    const partners = Array.from({ length: images.shape[0]! }, () => rng.int(unlabeled.shape[0]!));
    return engine.tf.tidy(() => {
      const [x, y] = [toOpponent(engine, images), toOpponent(engine, gather(unlabeled, partners))];
      return toBytes(engine, change(x, y, rng));
    });
  };
}

function swapBands(engine: Engine, x: Tensor4D, y: Tensor4D, edges: readonly number[]): Tensor4D {
  const { tf } = engine;
  const [n, , height, width] = x.shape;
  const bands = bandsOf(height, width, edges);
  const own = spectraOf(engine, x);
  const power = bandPowers(engine, own, bands, edges.length);
  const wanted = bandPowers(engine, spectraOf(engine, y), bands, edges.length);
  const factor = tf.sqrt<Tensor3D>(tf.div(tf.add(wanted, 1e-9), tf.add(power, 1e-9)));
  const factors = tf.concat<Tensor3D>([factor, tf.ones<Rank.R3>([n, 3, 1])], 2);
  const h = tf.reshape(tf.gather(factors, tf.tensor1d(bands, 'int32'), 2), [n, 3, width, height]);
  const swapped = fromSpectra(engine, { real: tf.mul(own.real, h), imaginary: tf.mul(own.imaginary, h) });
  return tf.add<Tensor4D>(swapped, tf.sub(tf.mean(y, [2, 3], true), tf.mean(x, [2, 3], true)));
}

function mixAmplitudes(engine: Engine, x: Tensor4D, y: Tensor4D, rng: Rng): Tensor4D {
  const { tf } = engine;
  const [n] = x.shape;
  const share = tf.tensor4d(rng.fillUniform(new Float32Array(n)), [n, 1, 1, 1]);
  const [own, other] = [spectraOf(engine, x), spectraOf(engine, y)];
  const size = ({ real, imaginary }: typeof own): Tensor4D =>
    tf.sqrt(tf.add(tf.square(real), tf.square(imaginary)));
  const before = tf.add(size(own), 1e-9);
  const factor = tf.div(tf.add(tf.mul(before, tf.sub(1, share)), tf.mul(size(other), share)), before);
  return fromSpectra(engine, {
    real: tf.mul(own.real, factor),
    imaginary: tf.mul(own.imaginary, factor),
  });
}

function moveMoments(engine: Engine, x: Tensor4D, y: Tensor4D): Tensor4D {
  const { tf } = engine;
  const [from, to] = [tf.moments(x, [2, 3], true), tf.moments(y, [2, 3], true)];
  const factor = tf.sqrt(tf.div(tf.add(to.variance, 1e-9), tf.add(from.variance, 1e-9)));
  return tf.add<Tensor4D>(tf.mul(tf.sub(x, from.mean), factor), to.mean);
}

/** Bytes as floats to what the network takes. */
export function normalised(
  { tf }: Engine,
  bytes: Tensor4D,
  { mean, std }: { readonly mean: readonly number[]; readonly std: readonly number[] },
): Tensor4D {
  const [center, spread] = [tf.tensor1d([...mean]), tf.tensor1d([...std])];
  return tf.div<Tensor4D>(tf.sub(tf.div(bytes, 255), center), spread);
}

/** For tests and figures: the styled images as bytes. */
export async function styledBytes(styler: Styler, images: Images, rng: Rng): Promise<Images> {
  const tensor = styler(images, rng);
  const data = Uint8Array.from(await tensor.data());
  tensor.dispose();
  return { shape: images.shape, data };
}
