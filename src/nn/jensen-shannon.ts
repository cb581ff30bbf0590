import type { Scalar, Tensor2D } from '@tensorflow/tfjs';

import type { Engine } from '../engine/engine.js';

/**
 * How far the answers to several views of the same images are from each other: the mean over images of
 * 1/V * sum over views of KL(p_v || M), where M is the mean of the p_v, held at 1e-7 or above (Hendrycks et al. 2020).
 * The gradient flows through the p_v and through M.
 * @param logits [views * n, classes]: the first view of all images, then the second of all, and so on
 */
export function jensenShannon({ tf }: Engine, logits: Tensor2D, views: number): Scalar {
  const n = logits.shape[0] / views;
  const logs = tf.logSoftmax(logits).reshape([views, n, -1]);
  const probabilities = tf.exp(logs);
  const logMean = tf.log(tf.clipByValue(tf.mean(probabilities, 0, true), 1e-7, 1));
  return tf.div<Scalar>(tf.sum(tf.mul(probabilities, tf.sub(logs, logMean))), logits.shape[0]);
}
