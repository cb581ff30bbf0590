import type { Repaired, TuningContext } from './baseline.js';
import { failureBlendMix, fitFailures } from './failure-blend.js';
import { fineTune } from './fine-tune.js';
import { mixingLoss } from './mixing-loss.js';
import type { FsgmixParameters } from './parameters.js';

/**
 * In the style of FSGMix (Ren et al. 2020), whose paper gives no code: AugMix with a fourth part that holds some of an
 * image drawn from a Gaussian mixture of the failures. The failures themselves are trained on as part of the pool.
 */
export function tune(context: TuningContext): Promise<Repaired> {
  const { failures, rng } = context;
  const params = context.params as FsgmixParameters;
  const model = fitFailures(failures.images, params, rng.child('failure-model'));
  return fineTune(context, {
    loss: mixingLoss(context, {
      jensenShannon: true,
      share: params.mixedShare,
      mix: failureBlendMix(model),
    }),
  });
}
