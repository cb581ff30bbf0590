import type { Repaired, TuningContext } from './baseline.js';
import { mixingLoss } from './mixing-loss.js';
import { fineTune } from './fine-tune.js';
import type { AugmixParameters } from './parameters.js';

/** AugMix (Hendrycks et al. 2020), from the clean weights. */
export function tune(context: TuningContext): Promise<Repaired> {
  const { jensenShannon, mixedShare: share } = context.params as AugmixParameters;
  return fineTune(context, { loss: mixingLoss(context, { jensenShannon, share }) });
}
