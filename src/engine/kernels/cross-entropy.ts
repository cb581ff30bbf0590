import type { NamedTensorMap, Tensor1D, Tensor2D } from '@tensorflow/tfjs';

import type { Tf } from '../engine.js';
import { defineOp } from './define-op.js';
import type { Kernels } from './index.js';
import { rawOps } from './raw.js';

interface Inputs extends NamedTensorMap {
  logits: Tensor2D;
  labels: Tensor1D;
}

/** -log softmax(logits)[label] of each row; the op gives softmax - onehot, the gradient, along with it. */
export function createCrossEntropy(tf: Tf): Kernels['crossEntropy'] {
  const { one, many, type } = rawOps(tf);
  const run = defineOp<Inputs, object>(tf, {
    name: 'CrossEntropy',
    forward: ({ logits, labels }) =>
      many(
        'SparseSoftmaxCrossEntropyWithLogits',
        [type('float32'), type('int32', 'Tlabels')],
        [logits, labels],
        2,
      ),
    outputsToSave: [false, true],
    gradient: (dy, [slope]) => ({
      logits: () => one('Mul', [type('float32')], [slope!, dy.reshape([-1, 1])]),
    }),
  });
  return (logits, labels) => {
    if (logits.rank !== 2)
      throw new RangeError(`crossEntropy: logits must be [n, classes] but got [${logits.shape}]`);
    if (labels.rank !== 1 || labels.shape[0] !== logits.shape[0] || labels.dtype !== 'int32')
      throw new RangeError(
        `crossEntropy: labels must be int32 [${logits.shape[0]}] for logits of [${logits.shape}] but got ${labels.dtype} [${labels.shape}]`,
      );
    const [loss, slope] = run({ logits, labels }, {});
    slope!.dispose(); // the tape holds its own reference while it needs it
    return loss as Tensor1D;
  };
}
