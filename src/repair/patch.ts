import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs';

import type { Rng } from '../core/rng.js';
import type { Engine } from '../engine/engine.js';
import { forwardFrom, type MapShape, type Network } from '../networks/network.js';
import { conv } from '../nn/conv.js';
import { constant, heFanIn } from '../nn/initial.js';
import { inference, joinModules, parameterCount, type Module } from '../nn/parameter.js';
import { buildBody, normSites } from './body.js';
import { runningStatistics, type Norm } from './norm.js';
import { countParameters, type PatchStructure } from './structure.js';

/**
 * A patch (Eq. 15): for stage i a 1x1 convolution from its input to the body's width, the body that all stages share,
 * and a 1x1 "align" convolution to the channels and size of the stage's output. The align convolutions start at 0, so
 * an untrained patch leaves the network as it is.
 */
export interface Patch extends Module {
  readonly structure: PatchStructure;
  /** What is added to the output of that stage. @param input the stage's input [n, h, w, c] */
  correction(stage: number, input: Tensor4D, training: boolean): Tensor4D;
  /** Trained numbers; running statistics are buffers and counted apart. */
  readonly parameterCount: number;
  readonly bufferCount: number;
}

export function buildPatch(engine: Engine, rng: Rng, network: Network, structure: PatchStructure): Patch {
  const { tf } = engine;
  const channels = network.patchChannels;
  const body = buildBody(engine, rng, structure, channels);
  const statistics = runningStatistics(engine, normSites(structure), network.stages.length, channels);
  const ends = network.stages.map((stage, i) => {
    const { stride, pad } = alignment(stage.inputShape, stage.outputShape);
    const input = {
      name: `in${i + 1}`,
      size: 1,
      input: stage.inputShape[2],
      output: channels,
      pad: 0,
      bias: false,
      initial: heFanIn,
    };
    const align = {
      name: `align${i + 1}`,
      size: 1,
      input: body.outputChannels,
      output: stage.outputShape[2],
      stride,
      pad: 0,
      bias: false,
    };
    return {
      input: conv(engine, rng, input),
      align: conv(engine, rng, { ...align, initial: (_rng, shape) => constant(shape, 0) }),
      pad,
    };
  });
  const pass = body.selectKept(structure);
  const module = joinModules([
    body,
    ...ends.map((end) => end.input),
    ...ends.map((end) => end.align),
    statistics,
  ]);
  return {
    ...module,
    structure,
    parameterCount: parameterCount(module.parameters),
    bufferCount: parameterCount(module.buffers),
    correction: (stage, x, training) => {
      const { input, align, pad } = ends[stage]!;
      const norm: Norm = training ? statistics.training(stage) : statistics.inference(stage);
      const aligned = align.forward(pass(input.forward(x, inference), norm), inference);
      return pad.some(([before, after]) => before + after > 0)
        ? tf.pad(aligned, [[0, 0], pad[0]!, pad[1]!, [0, 0]])
        : aligned;
    },
  };
}

/**
 * Stride and padding that bring a map of the stage's input size to its output size, as a projection shortcut does; a
 * stage that is no whole number of times smaller (16 to 10) is strided to the nearest size below and padded with 0.
 */
export function alignment(
  [inHeight, inWidth]: MapShape,
  [outHeight, outWidth]: MapShape,
): { stride: number; pad: [number, number][] } {
  const stride = Math.max(1, Math.ceil(inHeight / outHeight), Math.ceil(inWidth / outWidth));
  const pad = [
    [inHeight, outHeight],
    [inWidth, outWidth],
  ].map(([input, output]): [number, number] => {
    const missing = output! - Math.ceil(input! / stride);
    return [Math.floor(missing / 2), Math.ceil(missing / 2)];
  });
  return { stride, pad };
}

/**
 * The network's answer with the patch on stage i: x_i' = x_i + patch(x_(i-1)), then the rest of the network.
 * @param input x_(i-1) @param output x_i
 */
export function patchedLogits(
  engine: Engine,
  network: Network,
  patch: Patch,
  stage: number,
  input: Tensor4D,
  output: Tensor4D,
  training = false,
): Tensor2D {
  const repaired = engine.kernels.sum([output, patch.correction(stage, input, training)]);
  return forwardFrom(network, repaired, stage + 1);
}

/** Trained numbers of a patch of that structure, without building it. */
export function patchParameterCount(network: Network, structure: PatchStructure): number {
  const c = network.patchChannels;
  const width = (structure.nodes - 1) * c;
  const ends = network.stages.reduce(
    (sum, { inputShape, outputShape }) => sum + inputShape[2] * c + width * outputShape[2],
    0,
  );
  return countParameters(structure, c) + (structure.cells.length - 1) * width * c + ends;
}
