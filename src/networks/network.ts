import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs';

import type { Rng } from '../core/rng.js';
import type { Engine } from '../engine/engine.js';
import { inference, joinModules, type Layer, type Mode, type Module } from '../nn/parameter.js';
import type { Normalisation } from '../nn/batch.js';

/** [height, width, channels] */
export type MapShape = readonly [number, number, number];

/** A part of a network between two cut points; feature maps shrink at the border of stages, not inside. */
export interface Stage extends Layer<Tensor4D> {
  readonly inputShape: MapShape;
  readonly outputShape: MapShape;
}

/** A classifier as an ordered list of stages and a head: all that the method asks of a network. */
export interface Network extends Module {
  readonly name: string;
  readonly inputShape: MapShape;
  readonly classes: number;
  readonly normalisation: Normalisation;
  readonly stages: readonly Stage[];
  /** The last stage's output to logits [n, classes]. */
  readonly head: Layer<Tensor4D, Tensor2D>;
  /** Channels of the probes' convolution; chosen so that probes and gate have the size of the paper's Table 4. */
  readonly probeChannels: number;
  /** Channels of the patch's body; chosen so that its expected size is the one of Table 4. */
  readonly patchChannels: number;
}

/** What a network's module exports: builds it with fresh weights drawn from `rng`. */
export interface NetworkCode {
  build(engine: Engine, rng: Rng, options: NetworkOptions): Network;
}

export interface NetworkOptions {
  /** The network's own parameters, as its catalogue entry declares them. */
  readonly params: Readonly<Record<string, unknown>>;
  readonly classes: number;
  readonly normalisation: Normalisation;
}

export function networkModule(stages: readonly Module[], head: Module): Module {
  return joinModules([...stages, head]);
}

/** Runs the stages from `from` on, and the head: with from = 0 the whole network. */
export function forwardFrom(network: Network, x: Tensor4D, from: number, mode: Mode = inference): Tensor2D {
  let map = x;
  for (const stage of network.stages.slice(from)) map = stage.forward(map, mode);
  return network.head.forward(map, mode);
}

/** The outputs of all stages and the logits, of one pass. */
export function forwardAll(network: Network, x: Tensor4D): { maps: Tensor4D[]; logits: Tensor2D } {
  const maps: Tensor4D[] = [];
  let map = x;
  for (const stage of network.stages) {
    map = stage.forward(map, inference);
    maps.push(map);
  }
  return { maps, logits: network.head.forward(map, inference) };
}
