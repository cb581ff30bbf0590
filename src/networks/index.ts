import type { Entry } from '../core/entry.js';
import { Type } from '../core/type.js';
import type { NetworkCode } from './network.js';

/** A network that can be repaired. `stages` is how many stages it is cut into, known without building it. */
export type NetworkEntry = Entry<NetworkCode> & { readonly stages: number };

/** The networks: one line each; their order is the order in `patchnas list networks`. */
export const networks = [
  {
    name: 'allconvnet',
    summary: 'AllConvNet: nine convolutions without a fully connected layer, in three stages',
    source: 'Springenberg et al. 2015, in the form of the AugMix code (Hendrycks et al. 2020)',
    version: 1,
    stages: 3,
    params: Type.Object({
      width: Type.Number({
        default: 1,
        minimum: 0.05,
        maximum: 2,
        description: 'Multiplies the number of channels of every layer.',
      }),
      dropout: Type.Number({
        default: 0.5,
        minimum: 0,
        maximum: 0.9,
        description:
          'Chance of a unit to be dropped in front of the second and the third stage, in training. A narrow network ' +
          'underfits with the published 0.5.',
      }),
    }),
    load: () => import('./allconvnet.js'),
  },
] as const satisfies readonly NetworkEntry[];
