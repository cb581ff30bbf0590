import { augmixLoss, type Mixing } from '../networks/training-loss.js';
import type { TuningContext } from './baseline.js';
import type { FineTuning } from './fine-tune.js';

/**
 * AugMix's loss with a method's own mixtures. Images draw from a stream of the step, not of the epoch: a failure that
 * comes in many batches of an epoch is cut and mixed anew in each.
 */
export function mixingLoss(
  { engine, network, rng }: TuningContext,
  mixing: Omit<Mixing, 'stream'>,
): NonNullable<FineTuning['loss']> {
  return (batch) =>
    augmixLoss(engine, network, batch, rng, { ...mixing, stream: rng.child(`augment/${batch.step}`) }).loss;
}
