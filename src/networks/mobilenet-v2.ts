import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs';

import type { Rng } from '../core/rng.js';
import type { Engine } from '../engine/engine.js';
import { convNorm } from '../nn/conv-norm.js';
import { dense } from '../nn/dense.js';
import { dropout } from '../nn/dropout.js';
import { normalOf } from '../nn/initial.js';
import type { Layer } from '../nn/parameter.js';
import { sequential } from '../nn/sequential.js';
import { networkModule, type MapShape, type Network, type NetworkOptions, type Stage } from './network.js';
import { activated, narrowed, pooledHead, stage } from './parts.js';

/** Table 2 of Sandler et al. 2018 by stage: expansion, channels, blocks, stride of the first of them. */
const table = [
  [[1, 16, 1, 1]],
  [[6, 24, 2, 2]],
  [[6, 32, 3, 2]],
  [
    [6, 64, 4, 2],
    [6, 96, 3, 1],
  ],
  [
    [6, 160, 3, 2],
    [6, 320, 1, 1],
  ],
] as const;

/**
 * MobileNet-V2 (Sandler et al. 2018) for images of 64x64, in the form and with the names of torchvision's
 * `mobilenet_v2`: inverted residuals with ReLU6 and linear bottlenecks, then 1x1 to 1280 channels, mean over the map,
 * dropout 0.2. 2,480,072 parameters with 200 classes.
 *
 * Stages: stem and the block of 16 | 24 | 32 | 64 and 96 | 160 and 320; a new one begins where the map shrinks. The
 * stem's stride 2 is the published one, for images of 224x224; with 1 every map is twice as large.
 */
export function build(engine: Engine, rng: Rng, { params, classes, normalisation }: NetworkOptions): Network {
  const width = params['width'] as number;
  const stemStride = params['stemStride'] as number;
  const stem = eighths(32 * width);
  const last = eighths(1280 * Math.max(1, width));

  let index = 1; // place in torchvision's `features`; 0 is the stem
  let shape: MapShape = [64, 64, 3];
  let input = stem;
  const stages = table.map((rows, i): Stage => {
    const inputShape = shape;
    const layers = i === 0 ? [convNormRelu6(engine, rng, 'features.0', 3, 3, stem, stemStride)] : [];
    let size = i === 0 ? inputShape[0] / stemStride : inputShape[0];
    for (const [expansion, channels, blocks, firstStride] of rows) {
      const output = eighths(channels * width);
      for (let k = 0; k < blocks; k++) {
        const stride = k === 0 ? firstStride : 1;
        const name = `features.${index++}.conv`;
        layers.push(invertedResidual(engine, rng, { name, input, output, expansion, stride }));
        input = output;
        size /= stride;
      }
    }
    shape = [size, size, input];
    return stage(engine, inputShape, shape, layers);
  });
  const classifier = dense(engine, rng, 'classifier.1', last, classes, normalOf(0.01));
  const drop = dropout<Tensor2D>(engine, 0.2);
  const head = pooledHead(engine, convNormRelu6(engine, rng, `features.${index}`, 1, input, last, 1), {
    ...classifier,
    forward: (x, mode) => classifier.forward(drop.forward(x, mode), mode),
  });
  return {
    ...networkModule(stages, head),
    name: 'mobilenet-v2',
    inputShape: [64, 64, 3],
    classes,
    normalisation,
    stages,
    head,
    probeChannels: narrowed(22, width),
    patchChannels: narrowed(33, width),
  };
}

/** The nearest multiple of 8, at least 8, and never below nine tenths of what was asked for. */
function eighths(channels: number): number {
  const nearest = Math.max(8, Math.floor((channels + 4) / 8) * 8);
  return nearest < 0.9 * channels ? nearest + 8 : nearest;
}

interface BlockOptions {
  readonly name: string;
  readonly input: number;
  readonly output: number;
  readonly expansion: number;
  readonly stride: number;
}

/** 1x1 to `expansion` times the channels, depthwise 3x3, 1x1 without activation; plus x where the shapes allow it. */
function invertedResidual(engine: Engine, rng: Rng, options: BlockOptions): Layer<Tensor4D> {
  const { name, input, output, expansion, stride } = options;
  const inner = input * expansion;
  const widen = expansion === 1 ? [] : [convNormRelu6(engine, rng, `${name}.0`, 1, input, inner, 1)];
  const at = widen.length; // the parts that follow count on from here
  const spread = { name: `${name}.${at}.0`, size: 3, input: inner, output: inner, stride, pad: 1 };
  const project = { name: `${name}.${at + 1}`, size: 1, input: inner, output, pad: 0, bias: false };
  const path = sequential(engine, [
    ...widen,
    activated(
      engine,
      convNorm(engine, rng, { ...spread, bias: false, depthwise: true }, `${name}.${at}.1`),
      'relu6',
    ),
    convNorm(engine, rng, project, `${name}.${at + 2}`),
  ]);
  if (stride !== 1 || input !== output) return path;
  return { ...path, forward: (x, mode) => engine.kernels.sum([x, path.forward(x, mode)]) };
}

function convNormRelu6(
  engine: Engine,
  rng: Rng,
  name: string,
  size: number,
  input: number,
  output: number,
  stride: number,
): Layer<Tensor4D> {
  const options = { name: `${name}.0`, size, input, output, stride, pad: (size - 1) / 2, bias: false };
  return activated(engine, convNorm(engine, rng, options, `${name}.1`), 'relu6');
}
