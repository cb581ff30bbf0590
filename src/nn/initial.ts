import type { Rng } from '../core/rng.js';

/** Normal with variance 2 / (kernel area x output channels): He's initialisation by fan-out. Shape [h, w, in, out]. */
export function heFanOut(rng: Rng, shape: readonly [number, number, number, number]): Float32Array {
  const [height, width, , out] = shape;
  return normals(rng, shape, Math.sqrt(2 / (height * width * out)));
}

/** Normal with variance 2 / fan-in, for convolutions that follow a ReLU. Shape [h, w, in, out]. */
export function heFanIn(rng: Rng, shape: readonly [number, number, number, number]): Float32Array {
  const [height, width, input] = shape;
  return normals(rng, shape, Math.sqrt(2 / (height * width * input)));
}

/** Uniform in +-1/sqrt(fan-in), PyTorch's default for dense layers. Shape [in, out]. */
export function denseUniform(rng: Rng, shape: readonly [number, number]): Float32Array {
  const bound = 1 / Math.sqrt(shape[0]);
  return fill(shape, () => rng.uniform(-bound, bound));
}

/** Normal with that standard deviation, for any shape. */
export function normalOf(deviation: number): (rng: Rng, shape: readonly number[]) => Float32Array {
  return (rng, shape) => normals(rng, shape, deviation);
}

export function constant(shape: readonly number[], value: number): Float32Array {
  return new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(value);
}

function normals(rng: Rng, shape: readonly number[], deviation: number): Float32Array {
  return fill(shape, () => rng.normal() * deviation);
}

function fill(shape: readonly number[], draw: () => number): Float32Array {
  return Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, draw);
}
