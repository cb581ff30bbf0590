import { rows } from '../nn/batch.js';
import type { Repaired, TuningContext } from './baseline.js';
import { fineTune } from './fine-tune.js';
import { mixingLoss } from './mixing-loss.js';
import type { DeeprepairParameters } from './parameters.js';
import { pixelStyle } from './pixel-style.js';
import { styledCopies, styleMix } from './style-mix.js';
import { drawReferences } from './style-references.js';
import { tuningPool } from './tuning-pool.js';

/**
 * DeepRepair (Yu et al. 2021): AugMix with a tenth operation, which gives an image the style of a failure. Where its
 * code stops early by the loss on the clean test set, the budget of all methods holds.
 */
export function tune(context: TuningContext): Promise<Repaired> {
  const { failures, memoryBytes, rng } = context;
  const { clusters } = context.params as DeeprepairParameters;
  const pool = tuningPool(context);
  const [, height, width] = pool.images.shape as [number, number, number];
  const references = drawReferences(rng.child('references'), failures.images, failures.labels, clusters);
  const styles = references.map((n) => pixelStyle(rows(failures.images, n, n + 1).data, height, width));
  const copyOf = styledCopies(pool.images, styles, rng.child('style'), memoryBytes);
  return fineTune(context, {
    pool,
    loss: mixingLoss(context, { jensenShannon: true, mix: styleMix(copyOf) }),
  });
}
