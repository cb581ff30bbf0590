import type { Scalar, Tensor2D, Tensor4D } from '@tensorflow/tfjs';

import type { Rng } from '../core/rng.js';
import type { Engine } from '../engine/engine.js';
import { forwardFrom, type Network } from './network.js';
import { flipAndCrop } from '../nn/augment.js';
import { augmixViews, type AugmixBatch, type Mix } from '../nn/augmix/views.js';
import { labelTensor, toTensor, type Images } from '../nn/batch.js';
import { dropoutFrom } from '../nn/dropout.js';
import { jensenShannon } from '../nn/jensen-shannon.js';
import type { Mode } from '../nn/parameter.js';

/** A batch of a network's training. */
export interface TrainingBatch {
  readonly images: Images;
  readonly labels: Uint8Array;
  /** Which of them. */
  readonly indices: Uint32Array;
  readonly epoch: number;
  /** Over all epochs. */
  readonly step: number;
}

export interface TrainingLoss {
  readonly loss: Scalar;
  /** [n, classes] of the view of each image that is classified. */
  readonly logits: Tensor2D;
  /** [n] */
  readonly labels: readonly number[];
}

/** Cross entropy of mirrored and cut images. */
export function standardLoss(engine: Engine, network: Network, batch: TrainingBatch, rng: Rng): TrainingLoss {
  const cut = flipAndCrop(batch.images, batch.indices, rng.child(`augment/${batch.step}`));
  const x = toTensor(engine, cut, network.normalisation);
  const logits = forwardFrom(network, x, 0, trainingMode(batch, rng));
  return classified(engine, logits, batch);
}

/** The published weight of the Jensen-Shannon term. */
const lambda = 12;

export interface Mixing {
  readonly jensenShannon: boolean;
  /** For which share of the batch the Jensen-Shannon term is taken, drawn by chance; all of it unless given. */
  readonly share?: number | undefined;
  /** An image draws from the child of its number. */
  readonly stream: Rng;
  /** Makes a mixture; AugMix's own unless given. */
  readonly mix?: Mix;
}

/**
 * AugMix (Hendrycks et al. 2020). With the Jensen-Shannon term an image and two mixtures of it go through the network
 * as one batch of three times the size, so norms see them together; the image alone is classified. Where it is taken
 * for a share of the batch, the others pass as they are. Without it one mixture is classified.
 */
export function augmixLoss(
  engine: Engine,
  network: Network,
  batch: TrainingBatch,
  rng: Rng,
  { jensenShannon: withJensenShannon, share = 1, stream, mix }: Mixing,
): TrainingLoss {
  const { tf } = engine;
  const views = (of: Pick<AugmixBatch, 'indices' | 'mixtures' | 'hasClean'>): Tensor4D => {
    const { images } = batch;
    const { data, shape } = augmixViews({
      ...{ ...of, images, normalisation: network.normalisation, rng: stream },
      ...(mix && { mix }),
    });
    return tf.tensor4d(data, shape as [number, number, number, number]);
  };
  const answers = (x: Tensor4D): Tensor2D => forwardFrom(network, x, 0, trainingMode(batch, rng));
  const { indices } = batch;
  if (!withJensenShannon)
    return classified(engine, answers(views({ indices, mixtures: 1, hasClean: false })), batch);
  const count = indices.length;
  const part = Math.max(1, Math.round(share * count));
  if (part === count) {
    const logits = answers(views({ indices, mixtures: 2, hasClean: true }));
    return heldTogether(engine, tf.slice(logits, 0, count), logits, batch);
  }
  const chosen = stream.child('share').sample(count, part).sort();
  const mixed = views({ indices: chosen.map((k) => indices[k]!), mixtures: 2, hasClean: false });
  const logits = answers(tf.concat([views({ indices, mixtures: 0, hasClean: true }), mixed]));
  const clean = tf.slice(logits, 0, count);
  const alike = tf.concat([tf.gather(clean, tf.tensor1d([...chosen], 'int32')), tf.slice(logits, count)]);
  return heldTogether(engine, clean, alike, batch);
}

/** Classifies the images alone and holds their answers and those to their mixtures, three views in all, together. */
function heldTogether(engine: Engine, clean: Tensor2D, views: Tensor2D, batch: TrainingBatch): TrainingLoss {
  const alone = classified(engine, clean, batch);
  const distance = engine.tf.mul(jensenShannon(engine, views, 3), lambda);
  return { ...alone, loss: engine.tf.add(alone.loss, distance) };
}

function classified(engine: Engine, logits: Tensor2D, batch: TrainingBatch): TrainingLoss {
  const labels = Array.from(batch.indices, (i) => batch.labels[i]!);
  return { loss: engine.kernels.meanCrossEntropy(logits, labelTensor(engine, labels)), logits, labels };
}

/** Norms see the batch, and dropout draws from a stream of the step. */
export function trainingMode({ step }: TrainingBatch, rng: Rng): Mode {
  return { training: true, dropout: dropoutFrom(rng.child(`dropout/${step}`)) };
}
