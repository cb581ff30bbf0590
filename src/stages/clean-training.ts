import { join } from 'node:path';

import type { Tensor2D } from '@tensorflow/tfjs';

import { readNpy } from '../core/npy.js';
import type { Engine } from '../engine/engine.js';
import type { Network } from '../networks/network.js';
import { predictedFromLogits } from '../nn/metrics.js';
import { sgdNesterov } from '../nn/optimizer.js';
import { cosine } from '../nn/schedule.js';
import { trainSteps } from '../nn/train-loop.js';
import type { StageContext } from '../pipeline/stage.js';
import {
  augmixLoss,
  standardLoss,
  type TrainingBatch,
  type TrainingLoss,
} from '../networks/training-loss.js';
import { resumeTraining, saveTraining } from '../nn/training-checkpoint.js';

/** How a clean network is trained. */
export type CleanRecipe = {
  readonly epochs: number;
  readonly batch: number;
  readonly learningRate: number;
  readonly weightDecay: number;
  /** There for the recipe `augmix`. */
  readonly augmix?: { readonly jensenShannon: boolean };
};

export interface Epoch {
  readonly epoch: number;
  /** Mean over the epoch's steps. */
  readonly loss: number;
  /** Share of the epoch's images that were classified rightly, augmented as they are and while the weights moved. */
  readonly accuracy: number;
}

/**
 * Trains on all of D_t and keeps the last epoch: nothing is chosen, so nothing need be held out, and the test set has
 * no say. The recipe `standard` is the published one of the clean models: SGD with Nesterov's momentum 0.9, a cosine
 * at every step down to 1e-6, weight decay on all parameters, crops from 4 pixels of padding and flips.
 */
export async function trainClean(
  engine: Engine,
  network: Network,
  { input, checkpointDir, signal, emit, rng }: Omit<StageContext, 'params'>,
  recipe: CleanRecipe,
): Promise<Epoch[]> {
  const images = await readNpy<Uint8Array>(input('dataset', 'train-images.npy'));
  const labels = (await readNpy<Uint8Array>(input('dataset', 'train-labels.npy'))).data;
  const perEpoch = Math.max(1, Math.floor(labels.length / recipe.batch)); // a small set is one batch
  const steps = perEpoch * recipe.epochs;
  const optimizer = sgdNesterov(engine, network.parameters, {
    momentum: 0.9,
    weightDecay: recipe.weightDecay,
  });
  const checkpoint = join(checkpointDir, 'epoch.safetensors');
  const history = await resumeTraining<Epoch>(engine, network, optimizer, checkpoint);
  if (history.length > 0) emit({ type: 'note', text: `goes on after epoch ${history.length}` });
  const lossOf = ({ augmix }: CleanRecipe, batch: TrainingBatch): TrainingLoss =>
    augmix
      ? augmixLoss(engine, network, batch, rng, { ...augmix, stream: rng.child(`augment/${batch.epoch}`) })
      : standardLoss(engine, network, batch, rng);

  for (let epoch = history.length; epoch < recipe.epochs; epoch++) {
    const order = rng.child(`order/${epoch}`).permutation(labels.length);
    const answers = countRight(engine);
    const loss = await trainSteps({
      engine,
      parameters: network.parameters,
      optimizer,
      schedule: cosine(recipe.learningRate, steps, 1e-6),
      from: epoch * perEpoch,
      to: (epoch + 1) * perEpoch,
      signal,
      loss: (step) => {
        const start = (step - epoch * perEpoch) * recipe.batch;
        const indices = order.subarray(start, start + recipe.batch);
        return answers.of(lossOf(recipe, { images, labels, indices, epoch, step }));
      },
      onStep: (step) => {
        answers.count();
        emit({
          type: 'progress',
          done: step + 1,
          total: steps,
          unit: 'steps',
          label: `epoch ${epoch + 1}/${recipe.epochs}`,
        });
      },
      ...(epoch > 0 && { kept: `The weights after epoch ${epoch} are in ${checkpoint}` }),
    });
    const accuracy = answers.share();
    history.push({ epoch: epoch + 1, loss, accuracy });
    emit({ type: 'metric', name: 'training accuracy', value: accuracy, step: epoch + 1 });
    emit({ type: 'metric', name: 'loss', value: loss, step: epoch + 1 });
    await saveTraining(engine, network, optimizer, history, checkpoint);
  }
  optimizer.dispose();
  return history;
}

/** Counts right answers of training steps without a pass of its own: a step's logits are read once it is done. */
function countRight({ tf }: Engine) {
  let logits: Tensor2D | undefined;
  let labels: readonly number[] = [];
  let right = 0;
  let total = 0;
  return {
    of(step: TrainingLoss) {
      logits = tf.keep(step.logits);
      ({ labels } = step);
      return step.loss;
    },
    count() {
      const predicted = predictedFromLogits(logits!.dataSync<'float32'>(), logits!.shape[1]);
      logits!.dispose();
      right += labels.filter((label, n) => predicted[n] === label).length;
      total += labels.length;
    },
    share: () => right / total,
  };
}
