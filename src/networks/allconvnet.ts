import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs';

import type { Rng } from '../core/rng.js';
import type { Engine } from '../engine/engine.js';
import { convNorm } from '../nn/conv-norm.js';
import { dense } from '../nn/dense.js';
import { dropout } from '../nn/dropout.js';
import type { Layer } from '../nn/parameter.js';
import { networkModule, type Network, type NetworkOptions } from './network.js';
import { activated, narrowed, stage, widened } from './parts.js';

/**
 * The all-convolutional network (Springenberg et al. 2014) in the form of AugMix's code: every convolution has a
 * bias, then batch norm, then x * sigmoid(1.702 x). Its quirks are kept, or weights from there would score wrong:
 * the two last convolutions are 1x1 with padding 1 (6x6 -> 8x8 -> 10x10), and the head's 8x8 pool takes rows and
 * columns 0 to 7 of 10 only. At width 1 it has 1,409,674 parameters.
 *
 * Stages: 3 x conv3x3 96 | pool, dropout, 3 x conv3x3 192 | pool, dropout, conv3x3 without padding, 2 x conv1x1.
 */
export function build(engine: Engine, rng: Rng, { params, classes, normalisation }: NetworkOptions): Network {
  const { tf, kernels } = engine;
  const width = params['width'] as number;
  const drop = params['dropout'] as number;
  const narrow = widened(96, width);
  const wide = widened(192, width);

  /** Convolution, norm and activation; `index` is the convolution's place in PyTorch's `features`. */
  const block = (
    index: number,
    input: number,
    output: number,
    size: number,
    pad: number,
  ): Layer<Tensor4D> => {
    const normed = convNorm(
      engine,
      rng,
      { name: `features.${index}`, size, input, output, pad, bias: true },
      `features.${index + 1}`,
    );
    return activated(engine, normed, 'quickGelu');
  };
  const pool: Layer<Tensor4D> = { parameters: [], buffers: [], forward: (x) => kernels.maxPool(x, 2, 2, 0) };

  const stages = [
    stage(
      engine,
      [32, 32, 3],
      [32, 32, narrow],
      [block(0, 3, narrow, 3, 1), block(3, narrow, narrow, 3, 1), block(6, narrow, narrow, 3, 1)],
    ),
    stage(
      engine,
      [32, 32, narrow],
      [16, 16, wide],
      [
        pool,
        dropout(engine, drop),
        block(11, narrow, wide, 3, 1),
        block(14, wide, wide, 3, 1),
        block(17, wide, wide, 3, 1),
      ],
    ),
    stage(
      engine,
      [16, 16, wide],
      [10, 10, wide],
      [
        pool,
        dropout(engine, drop),
        block(22, wide, wide, 3, 0),
        block(25, wide, wide, 1, 1),
        block(28, wide, wide, 1, 1),
      ],
    ),
  ];
  const classifier = dense(engine, rng, 'classifier', wide, classes);
  const head: Layer<Tensor4D, Tensor2D> = {
    parameters: classifier.parameters,
    buffers: classifier.buffers,
    forward: (x, mode) =>
      classifier.forward(kernels.globalAvgPool(tf.slice(x, [0, 0, 0, 0], [-1, 8, 8, -1])), mode),
  };
  return {
    ...networkModule(stages, head),
    name: 'allconvnet',
    inputShape: [32, 32, 3],
    classes,
    normalisation,
    stages,
    head,
    probeChannels: narrowed(21, width),
    patchChannels: narrowed(36, width),
  };
}
