import type { Tensor4D } from '@tensorflow/tfjs';

import type { Rng } from '../core/rng.js';
import type { Engine } from '../engine/engine.js';
import { batchNorm } from '../nn/batch-norm.js';
import { conv } from '../nn/conv.js';
import { convNorm } from '../nn/conv-norm.js';
import { dense } from '../nn/dense.js';
import type { Layer } from '../nn/parameter.js';
import { sequential } from '../nn/sequential.js';
import { networkModule, type MapShape, type Network, type NetworkOptions, type Stage } from './network.js';
import { activated, narrowed, pooledHead, stage, widened } from './parts.js';

/**
 * DenseNet-BC of depth 100 and growth 12 (Huang et al. 2017) with compression 1/2, in the form and with the names of
 * bamos/densenet.pytorch, which AugMix's code took over (there with `bottleneck` true; its own default is another
 * network). No convolution has a bias. 769,162 parameters with 10 classes.
 *
 * Stages: conv3x3 24 + 16 layers | transition to half the channels and size, 16 layers | the same. Each layer adds 12
 * channels to what it sees: 216, 300 and 342 come out of the stages.
 */
export function build(engine: Engine, rng: Rng, { params, classes, normalisation }: NetworkOptions): Network {
  const width = params['width'] as number;
  const layers = params['layers'] as number;
  const growth = widened(12, width);

  let channels = 2 * growth;
  let shape: MapShape = [32, 32, 3];
  const first = conv(engine, rng, {
    name: 'conv1',
    size: 3,
    input: 3,
    output: channels,
    pad: 1,
    bias: false,
  });
  const stages = [1, 2, 3].map((number): Stage => {
    const inputShape = shape;
    const size = 32 / 2 ** (number - 1);
    const entry = number === 1 ? first : transition(engine, rng, `trans${number - 1}`, channels);
    if (number > 1) channels = Math.floor(channels / 2);
    const block = Array.from({ length: layers }, (_, k) =>
      bottleneck(engine, rng, `dense${number}.${k}`, channels + k * growth, growth),
    );
    channels += layers * growth;
    shape = [size, size, channels];
    return stage(engine, inputShape, shape, [entry, ...block]);
  });
  const head = pooledHead(
    engine,
    activated(engine, batchNorm(engine, 'bn1', channels), 'relu'),
    dense(engine, rng, 'fc', channels, classes),
  );
  return {
    ...networkModule(stages, head),
    name: 'densenet-bc-100-12',
    inputShape: [32, 32, 3],
    classes,
    normalisation,
    stages,
    head,
    probeChannels: narrowed(14, width),
    patchChannels: narrowed(19, width),
  };
}

/** [x, conv3x3(relu(bn2(conv1x1(relu(bn1(x))))))], the 1x1 convolution to four times the growth. */
function bottleneck(engine: Engine, rng: Rng, name: string, input: number, growth: number): Layer<Tensor4D> {
  const inner = 4 * growth;
  const narrow = { name: `${name}.conv1`, size: 1, input, output: inner, pad: 0, bias: false };
  const added = sequential(engine, [
    activated(engine, batchNorm(engine, `${name}.bn1`, input), 'relu'),
    activated(engine, convNorm(engine, rng, narrow, `${name}.bn2`), 'relu'),
    conv(engine, rng, { name: `${name}.conv2`, size: 3, input: inner, output: growth, pad: 1, bias: false }),
  ]);
  return { ...added, forward: (x, mode) => engine.kernels.concatChannels([x, added.forward(x, mode)]) };
}

/**
 * Half the channels by a 1x1 convolution and half the size by a mean of 2x2. The reference convolves first; the two
 * commute, and this way the convolution has a quarter of the work.
 */
function transition(engine: Engine, rng: Rng, name: string, input: number): Layer<Tensor4D> {
  return sequential(engine, [
    activated(engine, batchNorm(engine, `${name}.bn1`, input), 'relu'),
    { parameters: [], buffers: [], forward: (x) => engine.kernels.avgPool(x, 2, 2, 0) },
    conv(engine, rng, {
      name: `${name}.conv1`,
      size: 1,
      input,
      output: Math.floor(input / 2),
      pad: 0,
      bias: false,
    }),
  ]);
}
