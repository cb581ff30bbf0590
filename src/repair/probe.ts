import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs';

import type { Rng } from '../core/rng.js';
import type { Engine } from '../engine/engine.js';
import type { Network } from '../networks/network.js';
import { batchNorm } from '../nn/batch-norm.js';
import { conv } from '../nn/conv.js';
import { dense } from '../nn/dense.js';
import { joinModules, type Mode, type Module } from '../nn/parameter.js';

/** A probe on the output of one stage (Eq. 1): conv 3x3, batch norm, ReLU, global average pool, fully connected. */
export interface Probe extends Module {
  readonly channels: number;
  /** CBR(M_i) pooled over the map: [n, h, w, c] -> [n, channels]. What the gate sees. */
  features(map: Tensor4D, mode: Mode): Tensor2D;
  /** Features to class scores [n, classes]. */
  classify(features: Tensor2D, mode: Mode): Tensor2D;
}

/** One probe for each stage of the network, with fresh weights. */
export function buildProbes(engine: Engine, rng: Rng, network: Network): Probe[] {
  const { kernels } = engine;
  const channels = network.probeChannels;
  return network.stages.map((stage, i) => {
    const name = `probe${i + 1}`;
    const input = stage.outputShape[2];
    const convolution = conv(engine, rng, {
      name: `${name}.conv`,
      size: 3,
      input,
      output: channels,
      pad: 1,
      bias: false,
    });
    const norm = batchNorm(engine, `${name}.norm`, channels);
    const classifier = dense(engine, rng, `${name}.classifier`, channels, network.classes);
    return {
      ...joinModules([convolution, norm, classifier]),
      channels,
      features: (map, mode) =>
        kernels.globalAvgPool(kernels.relu(norm.forward(convolution.forward(map, mode), mode))),
      classify: (features, mode) => classifier.forward(features, mode),
    };
  });
}
