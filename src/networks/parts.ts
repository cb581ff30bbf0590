import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs';

import type { Engine } from '../engine/engine.js';
import { joinModules, type Layer } from '../nn/parameter.js';
import { sequential } from '../nn/sequential.js';
import type { MapShape, Stage } from './network.js';

/** Layers one after the other as a stage. */
export function stage(
  engine: Engine,
  inputShape: MapShape,
  outputShape: MapShape,
  layers: readonly Layer<Tensor4D>[],
): Stage {
  return { ...sequential(engine, layers), inputShape, outputShape };
}

/** A layer and the activation behind it. */
export function activated(
  { kernels }: Engine,
  layer: Layer<Tensor4D>,
  activation: 'relu' | 'relu6' | 'quickGelu',
): Layer<Tensor4D> {
  return { ...layer, forward: (x, mode) => kernels[activation](layer.forward(x, mode)) };
}

/** The mean over the last map, and what follows it. */
export function pooledHead(
  { kernels }: Engine,
  before: Layer<Tensor4D>,
  after: Layer<Tensor2D>,
): Layer<Tensor4D, Tensor2D> {
  return {
    ...joinModules([before, after]),
    forward: (x, mode) => after.forward(kernels.globalAvgPool(before.forward(x, mode)), mode),
  };
}

/** Channels of a layer at that width. */
export function widened(channels: number, width: number): number {
  return Math.max(1, Math.round(channels * width));
}

/** Channels of probes or patch, which shrink with a narrow network and do not grow with a wide one. */
export function narrowed(channels: number, width: number): number {
  return width >= 1 ? channels : Math.max(4, Math.round(channels * width));
}
