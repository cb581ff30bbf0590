import type { NamedTensorMap, Tensor } from '@tensorflow/tfjs';

import type { Tf } from '../engine.js';
import { defineOp } from './define-op.js';
import { rawOps } from './raw.js';

interface Inputs extends NamedTensorMap {
  x: Tensor;
}
type Activation = <T extends Tensor>(x: T) => T;

/** max(x, 0). The gradient at 0 is 0. */
export function createRelu(tf: Tf): Activation {
  return createRectifier(tf, 'Relu');
}

/** min(max(x, 0), 6). The gradient at 0 and at 6 is 0. */
export function createRelu6(tf: Tf): Activation {
  return createRectifier(tf, 'Relu6');
}

/** It keeps its output, which the next layer keeps anyway. */
function createRectifier(tf: Tf, name: 'Relu' | 'Relu6'): Activation {
  const { one, type } = rawOps(tf);
  const run = defineOp<Inputs, object>(tf, {
    name,
    forward: ({ x }) => [one(name, [type('float32')], [x])],
    outputsToSave: [true],
    gradient: (dy, [y]) => ({ x: () => one(`${name}Grad`, [type('float32')], [dy, y!]) }),
  });
  return <T extends Tensor>(x: T) => run({ x }, {})[0] as T;
}
