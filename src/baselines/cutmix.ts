import type { Scalar } from '@tensorflow/tfjs';

import type { Rng } from '../core/rng.js';
import type { Engine } from '../engine/engine.js';
import { forwardFrom, type Network } from '../networks/network.js';
import { standardLoss, trainingMode, type TrainingBatch } from '../networks/training-loss.js';
import { flipAndCrop } from '../nn/augment.js';
import { labelTensor, toTensor } from '../nn/batch.js';
import { applyCutMix, drawCutMix, ownShare, type CutMix } from '../nn/cutmix.js';
import type { Repaired, TuningContext } from './baseline.js';
import { fineTune } from './fine-tune.js';
import type { CutmixParameters } from './parameters.js';

/** CutMix (Yun et al. 2019): some of the batches are mixed, the others trained on as they are. */
export function tune(context: TuningContext): Promise<Repaired> {
  const { engine, network, rng } = context;
  const { probability } = context.params as CutmixParameters;
  return fineTune(context, {
    loss: (batch) => {
      const stream = rng.child(`cutmix/${batch.step}`);
      if (!stream.bernoulli(probability)) return standardLoss(engine, network, batch, rng).loss;
      const [, height, width] = batch.images.shape as [number, number, number];
      return cutmixLoss(engine, network, batch, rng, drawCutMix(stream, batch.indices.length, height, width));
    },
  });
}

/** lambda * CE(answers, own labels) + (1 - lambda) * CE(answers, partners' labels), of images mirrored and cut before. */
export function cutmixLoss(
  engine: Engine,
  network: Network,
  batch: TrainingBatch,
  rng: Rng,
  mix: CutMix,
): Scalar {
  const { images, indices, labels, step } = batch;
  const [, height, width] = images.shape as [number, number, number];
  const mixed = applyCutMix(flipAndCrop(images, indices, rng.child(`augment/${step}`)), mix);
  const x = toTensor(engine, mixed, network.normalisation);
  const logits = forwardFrom(network, x, 0, trainingMode(batch, rng));
  const own = Array.from(indices, (n) => labels[n]!);
  const partners = Array.from(mix.partners, (k) => own[k]!);
  const share = ownShare(mix.box, height, width);
  const { tf, kernels } = engine;
  const ownLoss = kernels.meanCrossEntropy(logits, labelTensor(engine, own));
  const partnerLoss = kernels.meanCrossEntropy(logits, labelTensor(engine, partners));
  return tf.add(tf.mul(ownLoss, share), tf.mul(partnerLoss, 1 - share));
}
