import type { NamedTensorMap, Tensor } from '@tensorflow/tfjs';

import type { Tf } from '../engine.js';
import { defineOp } from './define-op.js';
import { rawOps } from './raw.js';

interface Inputs extends NamedTensorMap {
  x: Tensor;
}

/** max(x, 0). The gradient at 0 is 0. It keeps the output, which the next layer keeps anyway. */
export function createRelu(tf: Tf): <T extends Tensor>(x: T) => T {
  const { one, type } = rawOps(tf);
  const run = defineOp<Inputs, object>(tf, {
    name: 'Relu',
    forward: ({ x }) => [one('Relu', [type('float32')], [x])],
    outputsToSave: [true],
    gradient: ([dy], [y]) => ({ x: () => one('ReluGrad', [type('float32')], [dy!, y!]) }),
  });
  return <T extends Tensor>(x: T) => run({ x }, {})[0] as T;
}
