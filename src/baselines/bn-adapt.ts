import { parameterCount } from '../nn/parameter.js';
import type { AdaptingContext, Repaired } from './baseline.js';
import { adaptStatistics } from './norms.js';

/** The norms get the statistics of D_u; nothing is trained. */
export async function adapt(context: AdaptingContext): Promise<Repaired> {
  const { network, unlabeled } = context;
  await adaptStatistics(context, unlabeled);
  return {
    samples: { failures: 0, training: 0, unlabeled: unlabeled.shape[0]! },
    parameters: { trained: 0, transferred: parameterCount(network.buffers), buffers: 0 },
    history: [],
  };
}
