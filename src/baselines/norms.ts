import type { Tensor } from '@tensorflow/tfjs';

import { forwardFrom, type Network } from '../networks/network.js';
import { batchNormMomentum } from '../nn/batch-norm.js';
import { gather, pieces, toTensor, type Images } from '../nn/batch.js';
import { dropNothing } from '../nn/dropout.js';
import type { Mode, Parameter } from '../nn/parameter.js';
import type { AdaptingContext } from './baseline.js';

/** With the statistics of the batch, as in training, but the whole network. */
export const batchStatistics: Mode = { training: true, dropout: dropNothing };

/** Scales and shifts of all norms: the parameters that stand beside running statistics. */
export function scalesAndShifts({ parameters, buffers }: Network): readonly Parameter[] {
  const norms = new Set(buffers.map(({ name }) => name.replace(/running_(mean|var)$/, '')));
  return parameters.filter(({ name }) => norms.has(name.replace(/(weight|bias)$/, '')));
}

const batch = 128;

type Adapting = Pick<AdaptingContext, 'engine' | 'network' | 'rng' | 'signal' | 'emit'>;

/**
 * Gives every norm the statistics of these images: means of batch statistics, each norm behind norms that use those of
 * the batch (the "norm" of Schneider et al. 2020 and Nado et al. 2020, with the population in place of each test batch:
 * an answer must not depend on its batch). Batches are drawn at random, since the images stand severity by severity.
 * @param options.mode a training mode, where more than the network takes part in the pass
 * @param options.size images of a batch
 */
export async function adaptStatistics(
  { engine, network, rng, signal, emit }: Adapting,
  images: Images,
  { mode = batchStatistics, size = batch }: { readonly mode?: Mode; readonly size?: number } = {},
): Promise<void> {
  const { tf } = engine;
  const count = images.shape[0]!;
  const order = rng.child('statistics').permutation(count);
  const variables = network.buffers.map(({ variable }) => variable);
  let sums: Tensor[] = variables.map((variable) => tf.zerosLike(variable));
  for (const [from, to] of pieces(count, size)) {
    signal.throwIfAborted();
    const next = tf.tidy(() => {
      for (const variable of variables) variable.assign(tf.zerosLike(variable));
      const x = toTensor(engine, gather(images, order.subarray(from, to)), network.normalisation);
      forwardFrom(network, x, 0, mode);
      // From 0, one update leaves momentum * statistic.
      return variables.map((variable, i) =>
        tf.add(sums[i]!, tf.mul(variable, (to - from) / batchNormMomentum)),
      );
    });
    tf.dispose(sums);
    sums = next;
    emit({ type: 'progress', done: to, total: count, unit: 'images', label: 'statistics of the norms' });
    await new Promise(setImmediate);
  }
  tf.tidy(() => variables.forEach((variable, i) => variable.assign(tf.div(sums[i]!, count))));
  tf.dispose(sums);
}
