import type { Tensor4D } from '@tensorflow/tfjs';

import type { Engine } from '../../engine/engine.js';
import { parameter, type Module, type Parameter } from '../../nn/parameter.js';

/**
 * Haar's filters [2, 2], row by row, under the names of the published weights: the first letter is what is done along
 * columns, the second along rows (L adds, H subtracts the first from the second).
 */
const haar = {
  LL: [0.5, 0.5, 0.5, 0.5],
  LH: [-0.5, 0.5, -0.5, 0.5],
  HL: [-0.5, -0.5, 0.5, 0.5],
  HH: [0.5, -0.5, -0.5, 0.5],
} as const;

type Four<T> = readonly [T, T, T, T];
/** LL, LH, HL and HH of a map, each [n, h / 2, w / 2, c]. */
export type Bands = Four<Tensor4D>;

export interface WavePool extends Module {
  split(x: Tensor4D): Bands;
}

export interface WaveUnpool extends Module {
  /** The bands, each as a map of twice its size [n, h, w, c]; their sum is what was split. */
  spread(bands: Bands): Bands;
}

/** Wavelet pooling: a map [n, h, w, c] with h and w even, split into four of half its size. */
export function wavePool(engine: Engine, name: string, channels: number): WavePool {
  const filters = haarFilters(engine, name, channels);
  return {
    parameters: [],
    buffers: filters,
    split: (x) => mapFour(filters, (filter) => engine.kernels.depthwiseConv2d(x, valuesOf(filter), 2, 0)),
  };
}

/** What undoes the pooling: a depthwise transposed convolution of each band. */
export function waveUnpool({ tf }: Engine, name: string, channels: number): WaveUnpool {
  const filters = haarFilters({ tf }, name, channels);
  return {
    parameters: [],
    buffers: filters,
    spread: (bands) =>
      mapFour(bands, (band, k) => {
        const [n, height, width, c] = band.shape;
        const places = tf.reshape(valuesOf(filters[k]), [4, c]);
        const four = tf.mul(tf.reshape(band, [n, height, width, 1, c]), places);
        return tf.depthToSpace(tf.reshape(four, [n, height, width, 4 * c]), 2);
      }),
  };
}

/** A module's own filters: published weights have them beside those that were trained. */
function haarFilters({ tf }: Pick<Engine, 'tf'>, name: string, channels: number): Four<Parameter> {
  const [LL, LH, HL, HH] = Object.entries(haar).map(([band, values]) => {
    const filter = Float32Array.from({ length: 4 * channels }, (_, i) => values[Math.floor(i / channels)]!);
    return parameter(tf, `${name}.${band}.weight`, 'depthwise', [2, 2, channels, 1], filter);
  });
  return [LL!, LH!, HL!, HH!];
}

function valuesOf({ variable }: Parameter): Tensor4D {
  return variable as unknown as Tensor4D;
}

function mapFour<T, U>([a, b, c, d]: Four<T>, f: (value: T, k: 0 | 1 | 2 | 3) => U): Four<U> {
  return [f(a, 0), f(b, 1), f(c, 2), f(d, 3)];
}
