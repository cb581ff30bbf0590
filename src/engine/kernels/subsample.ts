import type { NamedTensorMap, Tensor4D } from '@tensorflow/tfjs';

import type { Tf } from '../engine.js';
import { defineOp } from './define-op.js';
import { rawOps } from './raw.js';

interface Inputs extends NamedTensorMap {
  x: Tensor4D;
}
interface Settings {
  readonly stride: number;
}

/** Every stride-th row and column, from the first: [n, h, w, c] to [n, ceil(h / stride), ceil(w / stride), c]. */
export function createSubsample(tf: Tf): (x: Tensor4D, stride: number) => Tensor4D {
  const { one, int, type } = rawOps(tf);
  const attrs = [
    type('float32'),
    type('int32', 'Index'),
    int('begin_mask', 0),
    int('end_mask', 0),
    int('ellipsis_mask', 0),
    int('new_axis_mask', 0),
    int('shrink_axis_mask', 0),
  ];
  const bounds = (shape: readonly number[], stride: number) =>
    [[0, 0, 0, 0], [...shape], [1, stride, stride, 1]].map((values) => tf.tensor1d(values, 'int32'));
  const run = defineOp<Inputs, Settings>(tf, {
    name: 'Subsample',
    forward: ({ x }, { stride }) => {
      const range = bounds(x.shape, stride);
      const y = one('StridedSlice', attrs, [x, ...range]);
      tf.dispose(range);
      return [y];
    },
    inputsToSave: ['x'], // for its shape alone: costs no memory while the layer before keeps it
    gradient: (dy, [x], { stride }) => ({
      x: () =>
        one('StridedSliceGrad', attrs, [tf.tensor1d(x!.shape, 'int32'), ...bounds(x!.shape, stride), dy]),
    }),
  });
  return (x, stride) => run({ x }, { stride })[0] as Tensor4D;
}
