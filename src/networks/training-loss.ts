import type { Scalar, Tensor2D } from '@tensorflow/tfjs';

import type { Rng } from '../core/rng.js';
import type { Engine } from '../engine/engine.js';
import { forwardFrom, type Network } from './network.js';
import { flipAndCrop } from '../nn/augment.js';
import { augmixViews, type Mix } from '../nn/augmix/views.js';
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
  /** An image draws from the child of its number. */
  readonly stream: Rng;
  /** Makes a mixture; AugMix's own unless given. */
  readonly mix?: Mix;
}

/**
 * AugMix (Hendrycks et al. 2020). With the Jensen-Shannon term an image and two mixtures of it go through the network
 * as one batch of three times the size, so norms see them together; the image alone is classified. Without it one
 * mixture is classified.
 */
export function augmixLoss(
  engine: Engine,
  network: Network,
  batch: TrainingBatch,
  rng: Rng,
  { jensenShannon: withJensenShannon, stream, mix }: Mixing,
): TrainingLoss {
  const { data, shape } = augmixViews({
    images: batch.images,
    indices: batch.indices,
    normalisation: network.normalisation,
    mixtures: withJensenShannon ? 2 : 1,
    hasClean: withJensenShannon,
    rng: stream,
    ...(mix && { mix }),
  });
  const x = engine.tf.tensor4d(data, shape as [number, number, number, number]);
  const logits = forwardFrom(network, x, 0, trainingMode(batch, rng));
  if (!withJensenShannon) return classified(engine, logits, batch);
  const clean = classified(engine, engine.tf.slice(logits, 0, batch.indices.length), batch);
  const distance = engine.tf.mul(jensenShannon(engine, logits, 3), lambda);
  return { ...clean, loss: engine.tf.add(clean.loss, distance) };
}

function classified(engine: Engine, logits: Tensor2D, batch: TrainingBatch): TrainingLoss {
  const labels = Array.from(batch.indices, (i) => batch.labels[i]!);
  return { loss: engine.kernels.meanCrossEntropy(logits, labelTensor(engine, labels)), logits, labels };
}

/** Norms see the batch, and dropout draws from a stream of the step. */
export function trainingMode({ step }: TrainingBatch, rng: Rng): Mode {
  return { training: true, dropout: dropoutFrom(rng.child(`dropout/${step}`)) };
}
