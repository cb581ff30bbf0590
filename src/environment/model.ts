import type { Rank, Scalar, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs';

import type { Rng } from '../core/rng.js';
import type { Engine } from '../engine/engine.js';
import { cycle } from '../nn/cycle.js';
import { adam } from '../nn/optimizer.js';
import { parameter, type Parameter } from '../nn/parameter.js';
import { cosine } from '../nn/schedule.js';
import { trainSteps } from '../nn/train-loop.js';
import type { Bands } from './spectrum.js';

/**
 * The environment model: a mixture of components, each a linear filter and stationary noise in radial bands of three
 * opponent channels, and a change of the mean. A band's power P becomes H^2 P + N^2 and the mean m(1 + a) + b; so it is
 * fitted to noisy images without their clean counterparts, and without making an image.
 */
export interface EnvironmentModel {
  /** In cycles per 32 pixels, ascending. */
  readonly edges: readonly number[];
  /** H of each component, opponent channel and band. */
  readonly transfer: readonly (readonly (readonly number[])[])[];
  /** N, in units of images from 0 to 1. */
  readonly noise: readonly (readonly (readonly number[])[])[];
  /** a and b of each component and channel. */
  readonly gain: readonly (readonly number[])[];
  readonly shift: readonly (readonly number[])[];
  /** w: they add up to 1. */
  readonly weights: readonly number[];
}

export type ModelSettings = {
  readonly edges: readonly number[];
  readonly components: number;
  readonly steps: number;
  readonly learningRate: number;
  /** Images of D_t and of D_u in a step. */
  readonly cleanBatch: number;
  readonly noisyBatch: number;
  /** Weight of the mean of (log H)^2. */
  readonly flatness: number;
};

/** Variables of the fit; K components and B bands. */
export interface ModelParameters {
  /** [K, 3, B] */
  readonly logTransfer: Parameter;
  readonly logNoise: Parameter;
  /** [K, 3] */
  readonly gain: Parameter;
  readonly shift: Parameter;
  /** [K], before the softmax */
  readonly logits: Parameter;
}

/** Components start from no change to a mild one: log H from 0 to -0.3, log N from -4 to -2.5. */
export function startModel({ tf }: Engine, { components, edges }: ModelSettings, rng: Rng): ModelParameters {
  const shape = [components, 3, edges.length];
  const per = 3 * edges.length;
  const between = (from: number, to: number, k: number): number =>
    components === 1 ? from : from + ((to - from) * k) / (components - 1);
  const values = (of: (k: number) => number): Float32Array =>
    Float32Array.from({ length: components * per }, (_, i) => of(Math.floor(i / per)));
  const zeros = (name: string, of: readonly number[]): Parameter =>
    parameter(tf, name, 'as-is', of, new Float32Array(of.reduce((a, b) => a * b, 1)));
  return {
    logTransfer: parameter(
      tf,
      'log-transfer',
      'as-is',
      shape,
      values((k) => between(0, -0.3, k) + 0.05 * rng.normal()),
    ),
    logNoise: parameter(
      tf,
      'log-noise',
      'as-is',
      shape,
      values((k) => between(-4, -2.5, k)),
    ),
    gain: zeros('gain', [components, 3]),
    shift: zeros('shift', [components, 3]),
    logits: zeros('logits', [components]),
  };
}

const smallestPower = 1e-6;

/** log(P + 1e-6) of channels and bands, and the means: [n, 3 B + 3]. @param power [n, 3, B] @param mean [n, 3] */
export function descriptors({ tf }: Engine, power: Tensor3D, mean: Tensor2D): Tensor2D {
  const flat = tf.reshape<Rank.R2>(power, [power.shape[0], power.shape[1] * power.shape[2]]);
  return tf.concat<Tensor2D>([tf.log(tf.add(flat, smallestPower)), mean], 1);
}

/** The descriptors that each component makes of images: [n, K, 3 B + 3]. */
export function transformed(
  engine: Engine,
  { logTransfer, logNoise, gain, shift }: ModelParameters,
  power: Tensor3D,
  mean: Tensor2D,
): Tensor3D {
  const { tf } = engine;
  const [n, channels, bands] = power.shape;
  const components = logTransfer.variable.shape[0];
  const transfer = tf.exp(tf.mul(logTransfer.variable, 2));
  const noise = tf.exp(tf.mul(logNoise.variable, 2));
  const powers = tf.add(tf.mul(tf.reshape(power, [n, 1, channels, bands]), transfer), noise);
  const means = tf.add(tf.mul(tf.reshape(mean, [n, 1, channels]), tf.add(gain.variable, 1)), shift.variable);
  const flat = descriptors(
    engine,
    tf.reshape<Rank.R3>(powers, [n * components, channels, bands]),
    tf.reshape<Rank.R2>(means, [n * components, channels]),
  );
  return tf.reshape<Rank.R3>(flat, [n, components, flat.shape[1]]);
}

/** Euclidean distances of all rows of a from all rows of b: [a, b]. */
function distances({ tf }: Engine, a: Tensor2D, b: Tensor2D): Tensor2D {
  const squares = (x: Tensor2D): Tensor1D => tf.sum<Tensor1D>(tf.square(x), 1);
  const sum = tf.add(tf.reshape(squares(a), [-1, 1]), squares(b));
  const squared = tf.sub(sum, tf.mul(tf.matMul(a, b, false, true), 2));
  return tf.sqrt(tf.add<Tensor2D>(tf.relu(squared), 1e-8)); // the root has no slope at 0
}

/**
 * 2 E|d - u| - E|d - d'|: the energy distance (Székely & Rizzo 2013) less its part that does not depend on d. The pairs
 * d, d' are of different images, so that it has no bias.
 * @param d [n, K, D] @param weights [K] @param u [m, D]
 */
export function energyDistance(engine: Engine, d: Tensor3D, weights: Tensor1D, u: Tensor2D): Scalar {
  const { tf } = engine;
  const [n, components, size] = d.shape;
  const points = tf.reshape<Rank.R2>(d, [n * components, size]);
  const mass = tf.reshape<Rank.R2>(tf.tile(tf.reshape(weights, [1, components]), [n, 1]), [
    n * components,
    1,
  ]);
  const between = tf.div(tf.sum(tf.mul(distances(engine, points, u), mass)), n * u.shape[0]);
  const pairs = tf.mul(distances(engine, points, points), ofOtherImages(engine, n, components));
  const within = tf.div(tf.sum(tf.mul(tf.mul(pairs, mass), tf.transpose(mass))), n * Math.max(1, n - 1));
  return tf.sub<Scalar>(tf.mul(between, 2), within);
}

/** 1 where row and column are components of different images, else 0: [n K, n K], image by image. */
function ofOtherImages({ tf }: Engine, n: number, components: number): Tensor2D {
  const same = tf.reshape(tf.eye(n), [n, 1, n, 1]);
  const tiled = tf.reshape<Rank.R2>(tf.tile(same, [1, components, 1, components]), [
    n * components,
    n * components,
  ]);
  return tf.sub<Tensor2D>(1, tiled);
}

interface Fit {
  readonly clean: Bands;
  readonly noisy: Bands;
  readonly settings: ModelSettings;
  readonly rng: Rng;
  readonly signal: AbortSignal;
  readonly onStep: (step: number, loss: number) => void;
}

/** Fits the model to noisy images by Adam along a cosine; `losses` has one value a step. */
export async function fitModel(
  engine: Engine,
  { clean, noisy, settings, rng, signal, onStep }: Fit,
): Promise<{ readonly model: EnvironmentModel; readonly losses: readonly number[] }> {
  const { tf } = engine;
  const bands = settings.edges.length;
  const model = startModel(engine, settings, rng.child('start'));
  const parameters = Object.values(model) as Parameter[];
  const optimizer = adam(engine, parameters);
  const take = ({ power, mean }: Bands, indices: readonly number[]) => {
    const rowsOf = (data: Float32Array, size: number): Float32Array => {
      const out = new Float32Array(indices.length * size);
      indices.forEach((n, k) => out.set(data.subarray(n * size, (n + 1) * size), k * size));
      return out;
    };
    return {
      power: tf.tensor3d(rowsOf(power, 3 * bands), [indices.length, 3, bands]),
      mean: tf.tensor2d(rowsOf(mean, 3), [indices.length, 3]),
    };
  };
  const deviation = tf.tidy(() => {
    const all = take(
      clean,
      Array.from({ length: clean.count }, (_, n) => n),
    );
    const { variance } = tf.moments(descriptors(engine, all.power, all.mean), 0);
    const found = tf.sqrt(variance as Tensor1D);
    return tf.where<Tensor1D>(tf.greater(found, 1e-6), found, tf.onesLike(found)); // an empty band does not vary
  });
  const drawClean = cycle(rng.child('clean'), clean.count);
  const drawNoisy = cycle(rng.child('noisy'), noisy.count);
  const losses: number[] = [];
  await trainSteps({
    engine,
    parameters,
    optimizer,
    schedule: cosine(settings.learningRate, settings.steps),
    from: 0,
    to: settings.steps,
    signal,
    loss: () => {
      const from = take(clean, drawClean(Math.min(settings.cleanBatch, clean.count)));
      const to = take(noisy, drawNoisy(Math.min(settings.noisyBatch, noisy.count)));
      const d = tf.div<Tensor3D>(transformed(engine, model, from.power, from.mean), deviation);
      const u = tf.div<Tensor2D>(descriptors(engine, to.power, to.mean), deviation);
      const weights = tf.softmax(model.logits.variable as unknown as Tensor1D);
      const flat = tf.mean<Scalar>(tf.square(model.logTransfer.variable));
      return tf.add<Scalar>(energyDistance(engine, d, weights, u), tf.mul(flat, settings.flatness));
    },
    onStep: (step, loss) => {
      losses.push(loss);
      onStep(step, loss);
    },
  });
  const read = async (p: Parameter): Promise<unknown> => p.variable.array();
  const exponents = (rows: number[][][]): number[][][] =>
    rows.map((component) => component.map((channel) => channel.map((value) => Math.exp(value))));
  const scores = (await read(model.logits)) as number[];
  const top = Math.max(...scores);
  const masses = scores.map((score) => Math.exp(score - top));
  const sum = masses.reduce((a, b) => a + b, 0);
  const found: EnvironmentModel = {
    edges: settings.edges,
    transfer: exponents((await read(model.logTransfer)) as number[][][]),
    noise: exponents((await read(model.logNoise)) as number[][][]),
    gain: (await read(model.gain)) as number[][],
    shift: (await read(model.shift)) as number[][],
    weights: masses.map((mass) => mass / sum),
  };
  optimizer.dispose();
  tf.dispose([deviation, ...parameters.map(({ variable }) => variable)]);
  return { model: found, losses };
}
