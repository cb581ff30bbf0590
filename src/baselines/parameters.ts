import { Type, type Static } from '../core/type.js';

/** What the compared methods have of their own, beside the budget that all share. */

export const cutmixParameters = Type.Object({
  probability: Type.Number({
    default: 0.5,
    minimum: 0,
    maximum: 1,
    description: 'How many of the batches are mixed. The authors use 0.5 for CIFAR and 1 for ImageNet.',
  }),
});
export type CutmixParameters = Static<typeof cutmixParameters>;

const mixedShare = Type.Optional(
  Type.Number({
    exclusiveMinimum: 0,
    maximum: 1,
    description:
      'For which share of every batch mixtures are made, whose answers are held to those of their images by the ' +
      'Jensen-Shannon divergence. All of it unless given, as published, at three times the time of a plain step; a ' +
      'quarter takes half as much more.',
  }),
);

export const augmixParameters = Type.Object({
  mixedShare,
  jensenShannon: Type.Unsafe<boolean>({
    type: 'boolean',
    default: true,
    description:
      'Whether three views of each image are held together by their Jensen-Shannon divergence, as published. Without ' +
      'it one mixture is classified, in a third of the time.',
  }),
});
export type AugmixParameters = Static<typeof augmixParameters>;

export const fsgmixParameters = Type.Object({
  mixedShare,
  dimensions: Type.Integer({
    default: 32,
    minimum: 1,
    description: 'Principal components of the failures.',
  }),
  components: Type.Integer({
    default: 5,
    minimum: 1,
    description: 'Normal distributions of the Gaussian mixture; no more than there are failures.',
  }),
});
export type FsgmixParameters = Static<typeof fsgmixParameters>;

const wct2Weights = (part: 'encoder' | 'decoder') =>
  Type.Unsafe<string>({
    type: 'string',
    minLength: 1,
    'x-expected': 'the path of a file',
    description:
      `For the style \`wct2\`: weights of its ${part}, wave_${part}_cat5_l4 of clovaai/WCT2 or others in that layout; ` +
      '.safetensors, or a state dict that PyTorch saved.',
  });

export const deeprepairParameters = Type.Object({
  mixedShare,
  clusters: Type.Integer({
    default: 5,
    minimum: 1,
    description: "Clusters of each class's failures, as published; no more than it has failures.",
  }),
  style: Type.Unsafe<'wct-pixel' | 'wct2'>({
    type: 'string',
    enum: ['wct-pixel', 'wct2'],
    default: 'wct-pixel',
    description:
      'How styles are transferred. `wct-pixel` gives the image the covariance of the colours and the amplitudes of the ' +
      'frequencies of the failure, without a network; `wct2` is the published network WCT2, whose weights `encoder` and ' +
      '`decoder` name.',
  }),
  encoder: Type.Optional(wct2Weights('encoder')),
  decoder: Type.Optional(wct2Weights('decoder')),
});
export type DeeprepairParameters = Static<typeof deeprepairParameters>;
