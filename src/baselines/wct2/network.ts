import type { Tensor4D } from '@tensorflow/tfjs';

import type { Engine } from '../../engine/engine.js';
import { Rng } from '../../core/rng.js';
import { conv } from '../../nn/conv.js';
import { constant } from '../../nn/initial.js';
import { inference, joinModules, type Layer, type Module } from '../../nn/parameter.js';
import { wavePool, waveUnpool, type Bands } from './haar.js';

/** Channels of the four levels, each of half the height and width of the one before. */
export type Channels = readonly [number, number, number, number];
export const publishedChannels: Channels = [64, 128, 256, 512];

/** 1 is the one of full size. */
export type Level = 1 | 2 | 3 | 4;

/** What goes past the deeper levels: the map in front of a pool, and the pool's bands but LL. */
export interface Skip {
  readonly map: Tensor4D;
  readonly high: readonly [Tensor4D, Tensor4D, Tensor4D];
}

export interface Encoder extends Module {
  /** From the level above, or the image for level 1; the first level has no skip. */
  encode(x: Tensor4D, level: Level): { readonly x: Tensor4D; readonly skip?: Skip };
}

export interface Decoder extends Module {
  /** To the level above, or the image from level 1. @param skip what the encoder gave at this level */
  decode(x: Tensor4D, level: Level, skip: Skip | undefined): Tensor4D;
}

/** The network of WCT2 (Yoo et al. 2019). */
export interface Wct2 {
  readonly encoder: Encoder;
  readonly decoder: Decoder;
}

/**
 * VGG-19 up to conv4_1 with Haar pooling in place of max pooling; images [n, h, w, 3] from 0 to 1 go through a 1x1
 * convolution that makes them what VGG takes. Names and layers are those of clovaai/WCT2 (model.py, option cat5).
 */
export function encoder(engine: Engine, [a, b, c, d]: Channels = publishedChannels): Encoder {
  const first = [plainConv(engine, 'conv0', 1, 3, 3), reluConv(engine, 'conv1_1', 3, a)];
  const levels = [
    pooling(engine, 'pool1', [reluConv(engine, 'conv1_2', a, a)], reluConv(engine, 'conv2_1', a, b), a),
    pooling(engine, 'pool2', [reluConv(engine, 'conv2_2', b, b)], reluConv(engine, 'conv3_1', b, c), b),
    pooling(
      engine,
      'pool3',
      ['conv3_2', 'conv3_3', 'conv3_4'].map((name) => reluConv(engine, name, c, c)),
      reluConv(engine, 'conv4_1', c, d),
      c,
    ),
  ] as const;
  return {
    ...joinModules([...first, ...levels]),
    encode: (x, level) => (level === 1 ? { x: through(first, x) } : levels[level - 2]!.encode(x)),
  };
}

/**
 * The encoder's mirror image: LL as the level below made it, the three other bands and the map from the encoder's skip,
 * five maps side by side (option cat5).
 */
export function decoder(engine: Engine, [a, b, c, d]: Channels = publishedChannels): Decoder {
  const last = plainConv(engine, 'conv1_1', 3, a, 3);
  const levels = [
    unpooling(engine, 'recon_block1', reluConv(engine, 'conv2_1', b, a), a, [
      reluConv(engine, 'conv1_2_2', 5 * a, a),
    ]),
    unpooling(engine, 'recon_block2', reluConv(engine, 'conv3_1', c, b), b, [
      reluConv(engine, 'conv2_2_2', 5 * b, b),
    ]),
    unpooling(engine, 'recon_block3', reluConv(engine, 'conv4_1', d, c), c, [
      reluConv(engine, 'conv3_4_2', 5 * c, c),
      reluConv(engine, 'conv3_3', c, c),
      reluConv(engine, 'conv3_2', c, c),
    ]),
  ] as const;
  return {
    ...joinModules([last, ...levels]),
    decode: (x, level, skip) =>
      level === 1 ? last.forward(x, inference) : levels[level - 2]!.decode(x, skip!),
  };
}

function pooling(
  engine: Engine,
  name: string,
  before: readonly Layer<Tensor4D>[],
  after: Layer<Tensor4D>,
  channels: number,
) {
  const pool = wavePool(engine, name, channels);
  return {
    ...joinModules([...before, pool, after]),
    encode: (x: Tensor4D): { readonly x: Tensor4D; readonly skip: Skip } => {
      const map = through(before, x);
      const [low, ...high] = pool.split(map);
      return { x: after.forward(low, inference), skip: { map, high } };
    },
  };
}

function unpooling(
  engine: Engine,
  name: string,
  before: Layer<Tensor4D>,
  channels: number,
  after: readonly Layer<Tensor4D>[],
) {
  const unpool = waveUnpool(engine, name, channels);
  return {
    ...joinModules([before, unpool, ...after]),
    decode: (x: Tensor4D, { map, high }: Skip): Tensor4D => {
      const bands: Bands = [before.forward(x, inference), ...high];
      return through(after, engine.kernels.concatChannels([...unpool.spread(bands), map]));
    },
  };
}

function through(layers: readonly Layer<Tensor4D>[], x: Tensor4D): Tensor4D {
  return layers.reduce((map, layer) => layer.forward(map, inference), x);
}

function reluConv(engine: Engine, name: string, input: number, output: number): Layer<Tensor4D> {
  const plain = plainConv(engine, name, 3, input, output);
  return { ...plain, forward: (x, mode) => engine.kernels.relu(plain.forward(x, mode)) };
}

/** Mirrors a map at its borders, the border pixel itself not twice, as PyTorch's ReflectionPad2d(1) does. */
const aroundMap: [number, number][] = [
  [0, 0],
  [1, 1],
  [1, 1],
  [0, 0],
];

function plainConv(
  engine: Engine,
  name: string,
  size: 1 | 3,
  input: number,
  output: number,
): Layer<Tensor4D> {
  const { tf } = engine;
  const initial = (_: Rng, shape: readonly number[]) => constant(shape, 0); // weights come from files
  const options = { name, size, input, output, pad: 0, bias: true, initial };
  const convolved = conv(engine, new Rng(0, 'not drawn from'), options);
  if (size === 1) return convolved;
  return {
    ...convolved,
    forward: (x, mode) => convolved.forward(tf.mirrorPad(x, aroundMap, 'reflect'), mode),
  };
}
