import type { Scalar, Tensor2D } from '@tensorflow/tfjs';

import type { Engine } from '../engine/engine.js';
import { forwardFrom } from '../networks/network.js';
import { gather, toTensor } from '../nn/batch.js';
import { adam } from '../nn/optimizer.js';
import { parameterCount } from '../nn/parameter.js';
import { trainSteps } from '../nn/train-loop.js';
import type { AdaptingContext, Repaired } from './baseline.js';
import { adaptStatistics, batchStatistics, scalesAndShifts } from './norms.js';

/** Of the published method for CIFAR-10. */
const batch = 200;

/**
 * Tent (Wang et al. 2021): the entropy of the answers to noisy images is minimised over scales and shifts of the norms,
 * which use the statistics of each batch meanwhile. Adam at a constant rate, as published; published is one step a batch
 * while answering, here it is a training before, and the last statistics are those of D_u with the new scales.
 */
export async function adapt(context: AdaptingContext): Promise<Repaired> {
  const { engine, network, unlabeled, rng, signal, emit } = context;
  const { epochs, learningRate } = context.params as { epochs: number; learningRate: number };
  const count = unlabeled.shape[0]!;
  const size = Math.min(batch, count);
  const perEpoch = Math.max(1, Math.floor(count / size));
  const parameters = scalesAndShifts(network);
  const optimizer = adam(engine, parameters);
  const history: Repaired['history'][number][] = [];
  for (let epoch = 0; epoch < epochs; epoch++) {
    const order = rng.child(`order/${epoch}`).permutation(count);
    const from = epoch * perEpoch;
    const loss = await trainSteps({
      engine,
      parameters,
      optimizer,
      schedule: () => learningRate,
      from,
      to: from + perEpoch,
      signal,
      loss: (step) => {
        const indices = order.subarray((step - from) * size, (step - from + 1) * size);
        const x = toTensor(engine, gather(unlabeled, indices), network.normalisation);
        return meanEntropy(engine, forwardFrom(network, x, 0, batchStatistics));
      },
      onStep: (step) => emit({ type: 'progress', done: step + 1, total: perEpoch * epochs, unit: 'steps' }),
    });
    history.push({ epoch: epoch + 1, loss });
    emit({ type: 'metric', name: 'entropy', value: loss, step: epoch + 1 });
  }
  optimizer.dispose();
  await adaptStatistics(context, unlabeled);
  const trained = parameterCount(parameters);
  return {
    samples: { failures: 0, training: 0, unlabeled: count },
    parameters: { trained, transferred: trained + parameterCount(network.buffers), buffers: 0 },
    history,
  };
}

/** Mean over the rows of -sum p log p, p the softmax. @param logits [n, classes] */
export function meanEntropy({ tf }: Engine, logits: Tensor2D): Scalar {
  const logs = tf.logSoftmax(logits);
  return tf.neg<Scalar>(tf.mean(tf.sum(tf.mul(tf.exp(logs), logs), 1)));
}
