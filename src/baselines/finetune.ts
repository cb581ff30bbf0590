import type { Repaired, TuningContext } from './baseline.js';
import { fineTune } from './fine-tune.js';

/** Plain fine-tuning of the whole network: standard augmentation and cross entropy. */
export function tune(context: TuningContext): Promise<Repaired> {
  return fineTune(context);
}
