import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs';

import { scalesAndShifts } from '../baselines/norms.js';
import type { Rng } from '../core/rng.js';
import type { Engine } from '../engine/engine.js';
import { forwardFrom, type Network } from '../networks/network.js';
import { dropNothing } from '../nn/dropout.js';
import { constant } from '../nn/initial.js';
import {
  inference,
  parameter,
  parameterCount,
  type BehindConv,
  type Mode,
  type Module,
  type Parameter,
} from '../nn/parameter.js';
import type { AddOnKind } from './choices.js';

/**
 * A second way through the frozen network, for images of an environment. Its batch norms are its own and start as the
 * original's. Behind each convolution, in front of whatever follows (norm, sum or concatenation), stands
 * - `depthwise`: y + depthwise3x3(y), from 0; y is the convolution's output with its bias,
 * - `low-rank`: y + 1x1(conv'(x)), conv' as the convolution but with few channels, the 1x1 from 0,
 * - `batchnorm`, `all`: nothing; with `all` every weight of the network is the add-on's own.
 * At the start it answers as the original does, but for rounding.
 *
 * One rule for all networks. Pre-activation blocks: behind both convolutions of a block and its shortcut, before the sum.
 * Dense blocks: behind the bottleneck and behind what is concatenated, so a map is changed once, where it is made.
 * Inverted residuals: behind expansion, depthwise convolution and projection alike.
 */
export interface AddOn {
  readonly kind: AddOnKind;
  /** The network's convolutions and classifier with the add-on's norms. */
  readonly network: Network;
  /** What is kept and sent. */
  readonly module: Module;
  /** What training changes. */
  readonly trained: readonly Parameter[];
  readonly behindConv: BehindConv | undefined;
}

/**
 * @param network a copy of the deployed network of its own, with its weights: norms, or all of it, become the add-on's
 * @param rank of `low-rank`
 */
export function buildAddOn(engine: Engine, network: Network, kind: AddOnKind, rng: Rng, rank: number): AddOn {
  const norms = scalesAndShifts(network);
  if (kind === 'all') {
    return { kind, network, module: network, trained: network.parameters, behindConv: undefined };
  }
  const convolutions = network.parameters.filter(({ layout }) => layout === 'conv' || layout === 'depthwise');
  const filters = new Map(
    convolutions.map((conv) => [
      conv.name.replace(/\.weight$/, ''),
      kind === 'depthwise'
        ? depthwiseFilter(engine, conv)
        : kind === 'low-rank'
          ? lowRankFilters(engine, conv, rank, rng)
          : [],
    ]),
  );
  const parameters = [...[...filters.values()].flat(), ...norms];
  return {
    kind,
    network,
    module: { parameters, buffers: network.buffers },
    trained: parameters,
    behindConv: kind === 'batchnorm' ? undefined : behindOf(engine, kind, filters),
  };
}

/** Channels that come out of a convolution: the last axis of its filter, of a depthwise one the last but one. */
function outputOf({ layout, variable }: Parameter): number {
  return variable.shape[layout === 'depthwise' ? 2 : 3]!;
}

function depthwiseFilter({ tf }: Engine, conv: Parameter): Parameter[] {
  const shape = [3, 3, outputOf(conv), 1];
  return [parameter(tf, nameOf(conv, 'depthwise'), 'depthwise', shape, constant(shape, 0))];
}

function lowRankFilters({ tf }: Engine, conv: Parameter, rank: number, rng: Rng): Parameter[] {
  const [height, width, third] = conv.variable.shape as [number, number, number];
  const input = third; // of a depthwise convolution its channels
  const down = [height, width, input, rank];
  const up = [1, 1, rank, outputOf(conv)];
  const stream = rng.child(conv.name);
  const deviation = Math.sqrt(2 / (height * width * input));
  const values = stream.fillNormal(new Float32Array(height * width * input * rank));
  return [
    parameter(
      tf,
      nameOf(conv, 'down'),
      'conv',
      down,
      values.map((value) => value * deviation),
    ),
    parameter(tf, nameOf(conv, 'up'), 'conv', up, constant(up, 0)),
  ];
}

function nameOf({ name }: Parameter, part: string): string {
  return name.replace(/weight$/, `add_on.${part}.weight`);
}

function behindOf(
  { tf, kernels }: Engine,
  kind: 'depthwise' | 'low-rank',
  filters: ReadonlyMap<string, readonly Parameter[]>,
): BehindConv {
  return ({ name, stride = 1, pad }, x, y) => {
    const [first, second] = filters.get(name)!.map(({ variable }) => variable as Tensor as Tensor4D);
    if (kind === 'depthwise') return tf.add<Tensor4D>(y, kernels.depthwiseConv2d(y, first!, 1, 1));
    return tf.add<Tensor4D>(y, kernels.conv2d(kernels.conv2d(x, first!, stride, pad), second!, 1, 0));
  };
}

/** A pass with the statistics of the batch, as training and adaptation take it; no dropout. */
export function trainingMode({ behindConv }: AddOn): Mode {
  return { training: true, dropout: dropNothing, ...(behindConv && { behindConv }) };
}

/** Logits [n, classes] of images [n, height, width, 3]. */
export function addOnLogits(addOn: AddOn, x: Tensor4D, mode: 'training' | 'inference'): Tensor2D {
  const { network, behindConv } = addOn;
  return forwardFrom(
    network,
    x,
    0,
    mode === 'training' ? trainingMode(addOn) : { ...inference, ...(behindConv && { behindConv }) },
  );
}

/** Numbers to send: filters, and of each norm's channel a scale and a shift, into which its statistics fold. */
export function shippedCount({ module, kind }: AddOn): number {
  if (kind === 'all') return parameterCount(module.parameters);
  const filters = module.parameters.filter(({ name }) => name.includes('.add_on.'));
  return parameterCount(filters) + parameterCount(module.buffers);
}
