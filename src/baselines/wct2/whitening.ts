import type { Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs';

import type { Engine } from '../../engine/engine.js';
import { inverseSquareRoot, matrixFunction, squareRoot } from '../math/matrix-root.js';

/** Mean and covariance of an image's features, as others are given them. */
export interface Colouring {
  /** [c] */
  readonly mean: Tensor1D;
  /** (1 + covariance)^(1/2), [c, c] */
  readonly root: Tensor2D;
}

/*
 * Whitening and colouring as in clovaai/WCT2 (utils/core.py): of both covariances 1 is added to the diagonal. So no
 * eigenvalue is below 1, and what that code does with those below 1e-5 never happens. Its singular value decompositions
 * are of c x c matrices; here the eigenvalues are those of the smaller one of X'X and XX', whose functions are related by
 * f(X'X) X' = X' f(XX'): of conv4_1 with 512 channels and 4 x 4 places that is 16 x 16. Sums and eigenvalues are in
 * float64, since features of thousands stand beside the 1.
 */

/** @param features of one image, [1, h, w, c]; the tensors given back are the caller's */
export function colouring({ tf }: Engine, features: Tensor4D): Colouring {
  return tf.tidy(() => {
    const { places, channels, mean, centred, scale, regular } = statisticsOf(features);
    const root = () => {
      if (channels <= places)
        return tf.tensor2d(Float32Array.from(squareRoot(regular, channels)), [channels, channels]);
      // (1 + X'X)^(1/2) = 1 + X' (1 + (1 + XX')^(1/2))^(-1) X
      const inner = matrixFunction(regular, places, (value) => scale / (1 + Math.sqrt(value)));
      const x = tf.tensor2d(Float32Array.from(centred), [places, channels]);
      const product = tf.matMul(tf.tensor2d(Float32Array.from(inner), [places, places]), x);
      return tf.add<Tensor2D>(tf.eye(channels), tf.matMul(x, product, true));
    };
    return { mean: tf.tensor1d(Float32Array.from(mean)), root: root() };
  });
}

/**
 * Features with the mean and the covariance of others, and no value beyond their own smallest and largest.
 * @param features of one image, [1, h, w, c]
 */
export function recoloured({ tf }: Engine, features: Tensor4D, { mean, root }: Colouring): Tensor4D {
  return tf.tidy(() => {
    const { places, channels, centred, regular, smallest, largest } = statisticsOf(features);
    const x = tf.tensor2d(Float32Array.from(centred), [places, channels]);
    const n = Math.min(places, channels);
    const whitening = tf.tensor2d(Float32Array.from(inverseSquareRoot(regular, n)), [n, n]);
    const whitened = channels <= places ? tf.matMul(x, whitening) : tf.matMul(whitening, x);
    const coloured = tf.add(tf.matMul(whitened, root), mean);
    return tf.reshape(tf.clipByValue(coloured, smallest, largest), features.shape);
  });
}

/** What whitening and colouring take from features X [places, channels], which are centred. */
function statisticsOf(features: Tensor4D) {
  const [count, height, width, channels] = features.shape;
  if (count !== 1)
    throw new RangeError(`whitening: features must be of one image but got [${features.shape}]`);
  const places = height * width;
  const values = features.dataSync();
  const mean = new Float64Array(channels);
  let [smallest, largest] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    mean[i % channels]! += value / places;
    if (value < smallest) smallest = value;
    if (value > largest) largest = value;
  }
  const centred = Float64Array.from(values, (value, i) => value - mean[i % channels]!);
  const scale = 1 / Math.max(1, places - 1);
  const products =
    channels <= places ? columnProducts(centred, channels) : rowProducts(centred, places, channels);
  const n = Math.min(places, channels);
  /** 1 + X'X or 1 + XX', whichever is smaller, with the products divided by places - 1. */
  const regular = products.map((value, i) => value * scale + (i % (n + 1) === 0 ? 1 : 0));
  return { places, channels, mean, centred, scale, regular, smallest, largest };
}

/** X'X [columns, columns] */
function columnProducts(x: Float64Array, columns: number): Float64Array {
  const out = new Float64Array(columns * columns);
  for (let at = 0; at < x.length; at += columns)
    for (let i = 0; i < columns; i++) {
      const value = x[at + i]!;
      for (let j = i; j < columns; j++) out[i * columns + j]! += value * x[at + j]!;
    }
  for (let i = 0; i < columns; i++) for (let j = 0; j < i; j++) out[i * columns + j] = out[j * columns + i]!;
  return out;
}

/** XX' [rows, rows] */
function rowProducts(x: Float64Array, rows: number, columns: number): Float64Array {
  const out = new Float64Array(rows * rows);
  for (let p = 0; p < rows; p++)
    for (let q = 0; q <= p; q++) {
      let sum = 0;
      for (let i = 0; i < columns; i++) sum += x[p * columns + i]! * x[q * columns + i]!;
      out[p * rows + q] = out[q * rows + p] = sum;
    }
  return out;
}
