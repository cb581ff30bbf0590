import type { NamedTensorMap, Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs';

import type { Tf } from '../engine.js';
import { defineOp } from './define-op.js';
import { checkImages } from './geometry.js';
import type { Kernels } from './index.js';
import { rawOps } from './raw.js';

interface SumSettings {
  /** Of the inputs, in their order. */
  readonly names: readonly string[];
}
interface BiasInputs extends NamedTensorMap {
  x: Tensor4D;
  bias: Tensor1D;
}

/** The sum of tensors of one shape. tf.js's own sums keep all they add until the gradient, only to look at the shapes. */
export function createSum(tf: Tf): Kernels['sum'] {
  const { one, int, type } = rawOps(tf);
  const run = defineOp<NamedTensorMap, SumSettings>(tf, {
    name: 'Sum',
    forward: (inputs, { names }) => [
      one(
        'AddN',
        [type('float32'), int('N', names.length)],
        names.map((name) => inputs[name]!),
      ),
    ],
    gradient: (dy, _saved, { names }) => Object.fromEntries(names.map((name) => [name, () => dy.clone()])),
  });
  return <T extends Tensor>(terms: readonly T[]): T => {
    const [first] = terms;
    if (!first) throw new RangeError('sum: there must be at least one tensor');
    for (const term of terms)
      if (term.shape.join() !== first.shape.join())
        throw new RangeError(`sum: [${term.shape}] and [${first.shape}] are not of one shape`);
    if (terms.length === 1) return first;
    const inputs = Object.fromEntries(terms.map((term, k) => [`x${k}`, term]));
    return run(inputs, { names: Object.keys(inputs) })[0] as T;
  };
}

/** A number for each channel of a map. */
export function createAddBias(tf: Tf): Kernels['addBias'] {
  const { one, string, type } = rawOps(tf);
  const run = defineOp<BiasInputs, object>(tf, {
    name: 'AddBias',
    forward: ({ x, bias }) => [one('BiasAdd', [type('float32'), string('data_format', 'NHWC')], [x, bias])],
    gradient: (dy) => ({ x: () => dy.clone(), bias: () => tf.sum(dy, [0, 1, 2]) }),
  });
  return (x, bias) => {
    checkImages('addBias', x);
    if (bias.rank !== 1 || bias.shape[0] !== x.shape[3])
      throw new RangeError(
        `addBias: bias must be [${x.shape[3]}] for an input of [${x.shape}] but got [${bias.shape}]`,
      );
    return run({ x, bias }, {})[0] as Tensor4D;
  };
}
