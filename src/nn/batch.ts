import type { Tensor1D, Tensor4D } from '@tensorflow/tfjs';

import type { NdArray } from '../core/npy.js';
import type { Engine } from '../engine/engine.js';

/** (value/255 - mean) / std, per channel. */
export interface Normalisation {
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

export type Images = NdArray<Uint8Array>;

/** The rows of those indices, images as bytes [n, h, w, c] for instance. */
export function gather<Data extends Uint8Array | Float32Array>(
  array: NdArray<Data>,
  indices: ArrayLike<number>,
): NdArray<Data> {
  const row = rowSize(array);
  const data = new (array.data.constructor as new (length: number) => Data)(indices.length * row);
  for (let i = 0; i < indices.length; i++)
    data.set(array.data.subarray(indices[i]! * row, (indices[i]! + 1) * row), i * row);
  return { shape: [indices.length, ...array.shape.slice(1)], data };
}

/** Rows [from, to) without a copy. */
export function rows(images: Images, from: number, to: number): Images {
  const row = rowSize(images);
  return { shape: [to - from, ...images.shape.slice(1)], data: images.data.subarray(from * row, to * row) };
}

export function rowSize(array: NdArray): number {
  return array.shape.slice(1).reduce((a, b) => a * b, 1);
}

/** What each of 256 bytes becomes, for each channel. */
export function normalisedBytes({ mean, std }: Normalisation): Float32Array[] {
  return mean.map((_, c) => Float32Array.from({ length: 256 }, (_, v) => (v / 255 - mean[c]!) / std[c]!));
}

/** Bytes to a normalised float tensor [n, h, w, c]. */
export function toTensor(engine: Engine, images: Images, normalisation: Normalisation): Tensor4D {
  const channels = images.shape.at(-1)!;
  const tables = normalisedBytes(normalisation);
  const values = new Float32Array(images.data.length);
  for (let c = 0; c < channels; c++) {
    const table = tables[c]!;
    for (let i = c; i < values.length; i += channels) values[i] = table[images.data[i]!]!;
  }
  return engine.tf.tensor4d(values, images.shape as [number, number, number, number]);
}

export function labelTensor(engine: Engine, labels: ArrayLike<number>): Tensor1D {
  return engine.tf.tensor1d(Int32Array.from(labels), 'int32');
}

/** The pieces [from, to) of 0 … count-1 of at most `size`. */
export function* pieces(count: number, size: number): Generator<readonly [number, number]> {
  for (let from = 0; from < count; from += size) yield [from, Math.min(from + size, count)];
}
