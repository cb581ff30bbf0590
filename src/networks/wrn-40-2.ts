import type { Tensor4D } from '@tensorflow/tfjs';

import type { Rng } from '../core/rng.js';
import type { Engine } from '../engine/engine.js';
import { batchNorm } from '../nn/batch-norm.js';
import { conv } from '../nn/conv.js';
import { convNorm } from '../nn/conv-norm.js';
import { dense } from '../nn/dense.js';
import { joinModules, type Layer } from '../nn/parameter.js';
import { sequential } from '../nn/sequential.js';
import { networkModule, type Network, type NetworkOptions } from './network.js';
import { activated, narrowed, pooledHead, stage, widened } from './parts.js';

/**
 * Wide residual network 40-2 (Zagoruyko & Komodakis 2016) without dropout, in the form and with the names of AugMix's
 * code: norm and ReLU stand in front of each convolution, no convolution has a bias, and the first block of a stage
 * has a 1x1 convolution as its shortcut, which sees the activated input. 2,243,546 parameters with 10 classes.
 *
 * Stages: conv3x3 16 + 6 blocks of 32 | 6 blocks of 64 | 6 blocks of 128. Their outputs are plain sums: norm and ReLU
 * belong to the block that follows, or to the head.
 */
export function build(engine: Engine, rng: Rng, { params, classes, normalisation }: NetworkOptions): Network {
  const width = params['width'] as number;
  const blocks = params['blocks'] as number;
  const stem = widened(16, width);
  const first = conv(engine, rng, { name: 'conv1', size: 3, input: 3, output: stem, pad: 1, bias: false });

  const stages = [32, 64, 128].map((channels, i) => {
    const [size, output] = [32 / 2 ** i, widened(channels, width)];
    const input = i === 0 ? stem : widened(channels / 2, width);
    const layers = Array.from({ length: blocks }, (_, k) => {
      const name = `block${i + 1}.layer.${k}`;
      return k > 0
        ? block(engine, rng, name, output)
        : firstBlock(engine, rng, { name, input, output, stride: i === 0 ? 1 : 2 });
    });
    return i === 0
      ? stage(engine, [size, size, 3], [size, size, output], [first, ...layers])
      : stage(engine, [2 * size, 2 * size, input], [size, size, output], layers);
  });
  const last = widened(128, width);
  const head = pooledHead(
    engine,
    activated(engine, batchNorm(engine, 'bn1', last), 'relu'),
    dense(engine, rng, 'fc', last, classes),
  );
  return {
    ...networkModule(stages, head),
    name: 'wrn-40-2',
    inputShape: [32, 32, 3],
    classes,
    normalisation,
    stages,
    head,
    probeChannels: narrowed(29, width),
    patchChannels: narrowed(54, width),
  };
}

interface BlockOptions {
  readonly name: string;
  readonly input: number;
  readonly output: number;
  readonly stride: number;
}

/** x + residual(relu(bn1(x))) */
function block(engine: Engine, rng: Rng, name: string, channels: number): Layer<Tensor4D> {
  const activation = activated(engine, batchNorm(engine, `${name}.bn1`, channels), 'relu');
  const inner = residual(engine, rng, { name, input: channels, output: channels, stride: 1 });
  return {
    ...joinModules([activation, inner]),
    forward: (x, mode) => engine.kernels.sum([x, inner.forward(activation.forward(x, mode), mode)]),
  };
}

/** With a = relu(bn1(x)): conv_shortcut(a) + residual(a). */
function firstBlock(engine: Engine, rng: Rng, options: BlockOptions): Layer<Tensor4D> {
  const { name, input, output, stride } = options;
  const activation = activated(engine, batchNorm(engine, `${name}.bn1`, input), 'relu');
  const inner = residual(engine, rng, options);
  const shortcut = conv(engine, rng, {
    name: `${name}.conv_shortcut`,
    size: 1,
    input,
    output,
    stride,
    pad: 0,
    bias: false,
  });
  return {
    ...joinModules([activation, inner, shortcut]),
    forward: (x, mode) => {
      const a = activation.forward(x, mode);
      return engine.kernels.sum([shortcut.forward(a, mode), inner.forward(a, mode)]);
    },
  };
}

/** conv2(relu(bn2(conv1(a)))), both 3x3. */
function residual(engine: Engine, rng: Rng, { name, input, output, stride }: BlockOptions): Layer<Tensor4D> {
  const both = { size: 3, output, pad: 1, bias: false };
  const first = convNorm(engine, rng, { ...both, name: `${name}.conv1`, input, stride }, `${name}.bn2`);
  return sequential(engine, [
    activated(engine, first, 'relu'),
    conv(engine, rng, { ...both, name: `${name}.conv2`, input: output }),
  ]);
}
