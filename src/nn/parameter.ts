import type { Tensor, Tensor4D, Variable } from '@tensorflow/tfjs';

import type { Tf } from '../engine/engine.js';
import type { ConvOptions } from './conv.js';
import { dropDerived } from './derived.js';
import type { SquaredGradients } from './squared-gradients.js';

/** How an array lies in PyTorch's files: a conv filter is OIHW there and HWIO here. */
export type Layout = 'as-is' | 'conv' | 'depthwise' | 'dense';

/** A named array of a network. `name` is PyTorch's, so that weights pass in and out under the names people know. */
export interface Parameter {
  readonly name: string;
  readonly layout: Layout;
  readonly variable: Variable;
}

/** Everything in a network that has numbers. Parameters are trained; buffers are running statistics. */
export interface Module {
  readonly parameters: readonly Parameter[];
  readonly buffers: readonly Parameter[];
}

/**
 * What a forward pass is for. In training, batch norm uses and updates statistics and dropout drops. At inference,
 * `squares` collects the squared gradient of every parameter for each sample. `behindConv` puts something behind each
 * convolution.
 */
export type Mode =
  | { readonly training: false; readonly squares?: SquaredGradients; readonly behindConv?: BehindConv }
  | { readonly training: true; readonly dropout: DropoutSource; readonly behindConv?: BehindConv };

/** What stands behind each convolution, in front of the norm: from its input x and output y to what goes on. */
export type BehindConv = (conv: ConvOptions, x: Tensor4D, y: Tensor4D) => Tensor4D;

/** Where the masks of dropout come from: the n-th call of a step draws the same numbers in every run. */
export interface DropoutSource {
  /** 0 or 1/(1-p) for each of `count` units. */
  mask(count: number, p: number): Float32Array;
}

export const inference: Mode = { training: false };

export function parameter(
  tf: Tf,
  name: string,
  layout: Layout,
  shape: readonly number[],
  values: Float32Array,
): Parameter {
  const initial = tf.tensor(values, [...shape]);
  const variable = tf.variable(initial);
  initial.dispose(); // the variable holds the values; the tensor would keep a second copy after the first assignment
  return { name, layout, variable };
}

/** Number of trained values. */
export function parameterCount(parameters: readonly Parameter[]): number {
  return parameters.reduce((sum, p) => sum + p.variable.size, 0);
}

export function allArrays(module: Module): readonly Parameter[] {
  return [...module.parameters, ...module.buffers];
}

export function disposeModule(module: Module): void {
  const variables = allArrays(module).map(({ variable }) => variable);
  dropDerived(variables);
  for (const variable of variables) variable.dispose();
}

/** Joins modules into one, in order. */
export function joinModules(modules: readonly Module[]): Module {
  return { parameters: modules.flatMap((m) => m.parameters), buffers: modules.flatMap((m) => m.buffers) };
}

/** A layer or block on feature maps [batch, height, width, channels]. */
export interface Layer<X extends Tensor = Tensor, Y extends Tensor = X> extends Module {
  forward(x: X, mode: Mode): Y;
}
