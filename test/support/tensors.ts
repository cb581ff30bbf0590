import type { Rank, ShapeMap, Tensor } from '@tensorflow/tfjs';

import type { Rng } from '../../src/core/rng.js';
import type { Tf } from '../../src/engine/engine.js';

/** Normal numbers. */
export function randomTensor<R extends Rank>(tf: Tf, rng: Rng, shape: ShapeMap[R]): Tensor<R> {
  return tf.tensor<R>(
    Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => rng.normal()),
    shape,
  );
}

/**
 * Every number of an even grid over (-1, 1) once, in random order: no two closer than 2 / size, none closer to 0 than
 * 1 / size. For functions with kinks, where a difference must not step across one.
 */
export function spacedTensor<R extends Rank>(tf: Tf, rng: Rng, shape: ShapeMap[R]): Tensor<R> {
  const size = tf.util.sizeFromShape(shape);
  if (size % 2 !== 0)
    throw new RangeError(`an even number of values keeps 0 out, but [${shape}] has ${size}`);
  return tf.tensor<R>(
    Float32Array.from(rng.permutation(size), (i) => (2 * i + 1) / size - 1),
    shape,
  );
}
