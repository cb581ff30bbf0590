import type { Rank, Tensor2D, Tensor4D } from '@tensorflow/tfjs';

import { Rng } from '../../src/core/rng.js';
import type { Engine } from '../../src/engine/engine.js';
import { build } from '../../src/networks/allconvnet.js';
import type { NetworkEntry } from '../../src/networks/index.js';
import {
  networkModule,
  type MapShape,
  type Network,
  type NetworkOptions,
  type Stage,
} from '../../src/networks/network.js';
import { batchNorm } from '../../src/nn/batch-norm.js';
import { conv } from '../../src/nn/conv.js';
import { dense } from '../../src/nn/dense.js';
import { joinModules, type Module } from '../../src/nn/parameter.js';
import type { Patch } from '../../src/repair/patch.js';

/** Bytes to [-1, 1]. */
export const normalisation = { mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] };

/** AllConvNet of 5 and 10 channels: the real architecture, quick on one core. */
export function smallAllConvNet(engine: Engine, seed = 1, options: Partial<NetworkOptions> = {}): Network {
  return build(engine, new Rng(seed, 'network'), {
    params: { width: 0.05, dropout: 0.5 },
    classes: 10,
    normalisation,
    ...options,
  });
}

/**
 * A network of 8 x 8 images with stages 8x8x3 -> 8x8x4 -> 4x4x5 -> 4x4x5, few enough parameters to move one after the
 * other. Running statistics and norms are not at their initial values.
 */
export function tinyNetwork(engine: Engine, seed = 1): Network {
  const { tf, kernels } = engine;
  const rng = new Rng(seed, 'tiny-network');
  const stage = (name: string, inputShape: MapShape, outputShape: MapShape): Stage => {
    const stride = inputShape[0] / outputShape[0];
    const convolution = conv(engine, rng, {
      name,
      size: 3,
      input: inputShape[2],
      output: outputShape[2],
      stride,
      pad: 1,
      bias: true,
    });
    const norm = batchNorm(engine, `${name}.norm`, outputShape[2]);
    return {
      ...joinModules([convolution, norm]),
      inputShape,
      outputShape,
      forward: (x, mode) => kernels.quickGelu(norm.forward(convolution.forward(x, mode), mode)),
    };
  };
  const stages = [
    stage('one', [8, 8, 3], [8, 8, 4]),
    stage('two', [8, 8, 4], [4, 4, 5]),
    stage('three', [4, 4, 5], [4, 4, 5]),
  ];
  const classifier = dense(engine, rng, 'classifier', 5, 4);
  const network: Network = {
    ...networkModule(stages, classifier),
    name: 'tiny',
    inputShape: [8, 8, 3],
    classes: 4,
    normalisation,
    stages,
    head: {
      parameters: classifier.parameters,
      buffers: [],
      forward: (x: Tensor4D, mode) => classifier.forward(tf.mean<Tensor2D>(x, [1, 2]), mode),
    },
    probeChannels: 4,
    patchChannels: 4,
  };
  shakeNorms(engine, network, rng.child('norms'));
  return network;
}

/** Gives norms and running statistics values other than the initial 1 and 0, as training would. */
export function shakeNorms({ tf }: Engine, module: Module, rng: Rng): void {
  for (const { name, variable } of [...module.parameters, ...module.buffers]) {
    if (variable.rank !== 1) continue;
    const [low, high] = name.endsWith('weight') || name.endsWith('running_var') ? [0.6, 1.5] : [-0.4, 0.4];
    const values = Float32Array.from({ length: variable.size }, () => rng.uniform(low, high));
    const tensor = tf.tensor<Rank.R1>(values, [variable.size]);
    variable.assign(tensor);
    tensor.dispose();
  }
}

/** Align convolutions at 0 leave every answer as it is; these do not. */
export function wakePatch({ tf }: Engine, patch: Patch, strength = 0.1): Patch {
  const rng = new Rng(1, 'align');
  for (const { variable } of patch.parameters.filter((p) => p.name.startsWith('align'))) {
    const values = Float32Array.from({ length: variable.size }, () => strength * rng.normal());
    const tensor = tf.tensor(values, variable.shape);
    variable.assign(tensor);
    tensor.dispose();
  }
  return patch;
}

/** What an experiment file that sets nothing gives a network. */
export function defaultsOf(entry: NetworkEntry): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(entry.params.properties).map(([key, schema]) => [
      key,
      Reflect.get(schema, 'default') as unknown,
    ]),
  );
}
