import type { Tensor4D } from '@tensorflow/tfjs';

import { adaptStatistics } from '../baselines/norms.js';
import type { EmitStage } from '../core/events.js';
import type { Rng } from '../core/rng.js';
import type { Engine } from '../engine/engine.js';
import { withoutGradient } from '../engine/loss-gradients.js';
import { flipAndCrop } from '../nn/augment.js';
import { labelTensor, toTensor, type Images } from '../nn/batch.js';
import { adam } from '../nn/optimizer.js';
import { cosine } from '../nn/schedule.js';
import { trainSteps } from '../nn/train-loop.js';
import { resumeTraining, saveTraining } from '../nn/training-checkpoint.js';
import { addOnLogits, trainingMode, type AddOn } from './add-on.js';
import { normalised, type Styler } from './style.js';

export interface LabelledImages {
  readonly images: Images;
  readonly labels: Uint8Array;
}

export type AddOnTraining = {
  readonly steps: number;
  readonly batch: number;
  /** Share of every batch that is drawn from D_e, where there is one. */
  readonly failureShare: number;
  readonly learningRate: number;
  /** L2 on everything that is trained. */
  readonly weightDecay: number;
  /** Images of a batch of the pass for the norms' statistics. */
  readonly statisticsBatch: number;
};

interface TrainingContext {
  readonly engine: Engine;
  readonly addOn: AddOn;
  readonly settings: AddOnTraining;
  readonly styler: Styler;
  /** D_t */
  readonly train: LabelledImages;
  /** D_e; undefined trains without a single label of the environment. */
  readonly failures: LabelledImages | undefined;
  /** D_u */
  readonly unlabeled: Images;
  readonly rng: Rng;
  readonly checkpoint: string;
  readonly signal: AbortSignal;
  readonly emit: EmitStage;
}

/** Steps between two checkpoints; the history has one value for each. */
const stretch = 50;

type Stretch = { readonly epoch: number; readonly loss: number };

/**
 * Trains an add-on on clean images in the environment's style and on D_e: Adam along a cosine, cross entropy, mirrored
 * and cut images, statistics of each batch. The last weights stay. At the end the norms get their statistics from D_u.
 * Everything that a step draws comes from the step's own stream, so a resumed training draws the same.
 */
export async function trainAddOn(context: TrainingContext): Promise<Stretch[]> {
  const { engine, addOn, settings, rng, checkpoint, signal, emit } = context;
  const optimizer = adam(engine, addOn.trained, settings.weightDecay);
  const history = await resumeTraining<Stretch>(engine, addOn.module, optimizer, checkpoint);
  if (history.length > 0) emit({ type: 'note', text: `goes on after step ${history.length * stretch}` });
  const stretches = Math.ceil(settings.steps / stretch);
  for (let k = history.length; k < stretches; k++) {
    const loss = await trainSteps({
      engine,
      parameters: addOn.trained,
      optimizer,
      schedule: cosine(settings.learningRate, settings.steps),
      from: k * stretch,
      to: Math.min((k + 1) * stretch, settings.steps),
      signal,
      loss: (step) => {
        const { x, labels } = withoutGradient(engine.tf, () => batchOf(context, rng.child(`step/${step}`)));
        const logits = addOnLogits(addOn, x, 'training');
        return engine.kernels.meanCrossEntropy(logits, labelTensor(engine, labels));
      },
      onStep: (step) => emit({ type: 'progress', done: step + 1, total: settings.steps, unit: 'steps' }),
    });
    history.push({ epoch: k + 1, loss });
    emit({ type: 'metric', name: 'loss', value: loss, step: k + 1 });
    await saveTraining(engine, addOn.module, optimizer, history, checkpoint);
  }
  optimizer.dispose();
  await adaptStatistics({ engine, network: addOn.network, rng, signal, emit }, context.unlabeled, {
    mode: trainingMode(addOn),
    size: settings.statisticsBatch,
  });
  return history;
}

/** Images of D_e, then of D_t in the environment's style. */
function batchOf(
  { engine, addOn, settings, styler, train, failures }: TrainingContext,
  rng: Rng,
): { x: Tensor4D; labels: number[] } {
  const { tf } = engine;
  const { normalisation } = addOn.network;
  const known = failures
    ? Math.min(failures.labels.length, Math.round(settings.batch * settings.failureShare))
    : 0;
  const clean = drawn(rng.child('clean'), train.labels.length, settings.batch - known);
  const placed = flipAndCrop(train.images, clean, rng.child('clean/placed'));
  const styled = normalised(engine, styler(placed, rng.child('style')), normalisation);
  const labels = clean.map((n) => train.labels[n]!);
  if (!failures || known === 0) return { x: styled, labels };
  const chosen = [...rng.child('failures').sample(failures.labels.length, known)];
  const own = toTensor(
    engine,
    flipAndCrop(failures.images, chosen, rng.child('failures/placed')),
    normalisation,
  );
  return {
    x: tf.concat<Tensor4D>([own, styled]),
    labels: [...chosen.map((n) => failures.labels[n]!), ...labels],
  };
}

/** Numbers below `count`, each as likely in every draw. */
function drawn(rng: Rng, count: number, size: number): number[] {
  return Array.from({ length: size }, () => rng.int(count));
}
