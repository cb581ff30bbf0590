import type { Entry } from '../core/entry.js';
import { Type } from '../core/type.js';
import type { NetworkCode } from './network.js';

/** A network that can be repaired, and what is known of it without building it. */
export type NetworkEntry = Entry<NetworkCode> & {
  /** How many stages it is cut into. */
  readonly stages: number;
  /** Height and width of the images that it takes. */
  readonly imageSize: number;
};

const width = Type.Number({
  default: 1,
  minimum: 0.05,
  maximum: 2,
  description: 'Multiplies the number of channels of every layer.',
});

/** The networks: one line each; their order is the order in `patchnas list networks`. */
export const networks = [
  {
    name: 'allconvnet',
    summary: 'AllConvNet: nine convolutions without a fully connected layer, in three stages',
    source: 'Springenberg et al. 2015, in the form of the AugMix code (Hendrycks et al. 2020)',
    version: 1,
    stages: 3,
    imageSize: 32,
    params: Type.Object({
      width,
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
  {
    name: 'wrn-40-2',
    summary: 'Wide residual network: 40 layers, twice as wide, without dropout, in three stages',
    source: 'Zagoruyko & Komodakis 2016, in the form of the AugMix code (Hendrycks et al. 2020)',
    version: 1,
    stages: 3,
    imageSize: 32,
    params: Type.Object({
      width,
      blocks: Type.Integer({
        default: 6,
        minimum: 1,
        maximum: 12,
        description: 'Residual blocks of each stage: 6 make 40 layers, n make 6 n + 4.',
      }),
    }),
    load: () => import('./wrn-40-2.js'),
  },
  {
    name: 'densenet-bc-100-12',
    summary: 'DenseNet-BC: 100 layers, growth 12, bottlenecks and compression 1/2, in three stages',
    source: 'Huang et al. 2017, in the form of bamos/densenet.pytorch, which the AugMix code took over',
    version: 1,
    stages: 3,
    imageSize: 32,
    params: Type.Object({
      width: {
        ...width,
        description: 'Multiplies the growth, and with it the number of channels of every layer.',
      },
      layers: Type.Integer({
        default: 16,
        minimum: 1,
        maximum: 32,
        description: 'Bottleneck layers of each stage: 16 make depth 100, n make 6 n + 4.',
      }),
    }),
    load: () => import('./densenet-bc-100-12.js'),
  },
  {
    name: 'mobilenet-v2',
    summary: 'MobileNet-V2 for images of 64 x 64: inverted residuals with ReLU6, in five stages',
    source: 'Sandler et al. 2018, in the form of torchvision',
    version: 1,
    stages: 5,
    imageSize: 64,
    params: Type.Object({
      width: {
        ...width,
        description: 'Multiplies the number of channels of every layer, rounded to multiples of 8.',
      },
      stemStride: Type.Integer({
        default: 2,
        minimum: 1,
        maximum: 2,
        description:
          'Stride of the first convolution: 2 as published; 1 makes every map twice as large, at the same number of ' +
          'parameters.',
      }),
    }),
    load: () => import('./mobilenet-v2.js'),
  },
] as const satisfies readonly NetworkEntry[];
