import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs';

import type { Engine } from '../engine/engine.js';
import type { Network } from '../networks/network.js';

/**
 * What the environment gate sees of an image: mean and standard deviation over the map of every channel that comes out
 * of a stage, [n, 2 x all channels], stage by stage, means before deviations.
 */
export function stageMoments({ tf }: Engine, maps: readonly Tensor4D[]): Tensor2D {
  return tf.tidy(() =>
    tf.concat<Tensor2D>(
      maps.flatMap((map) => {
        const { mean, variance } = tf.moments(map, [1, 2]);
        return [mean as Tensor2D, tf.sqrt(variance) as Tensor2D];
      }),
      1,
    ),
  );
}

/** How many numbers `stageMoments` gives for an image. */
export function momentCount({ stages }: Network): number {
  return 2 * stages.reduce((sum, { outputShape }) => sum + outputShape[2], 0);
}
