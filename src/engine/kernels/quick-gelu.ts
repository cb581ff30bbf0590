import type { NamedTensorMap, Tensor } from '@tensorflow/tfjs';

import type { Tf } from '../engine.js';
import { defineOp } from './define-op.js';
import { rawOps } from './raw.js';

interface Inputs extends NamedTensorMap {
  x: Tensor;
}

/**
 * x * s with s = sigmoid(z), z = 1.702 x (Hendrycks & Gimpel 2016, "Gaussian Error Linear Units").
 * Its gradient is dy * (s + z s (1 - s)), where z s (1 - s) is one SigmoidGrad. z alone is kept and s made again: a
 * quarter of what a network of this activation holds for its gradient, for one pass more.
 */
export function createQuickGelu(tf: Tf): <T extends Tensor>(x: T) => T {
  const { one, type } = rawOps(tf);
  const float = [type('float32')];
  const run = defineOp<Inputs, object>(tf, {
    name: 'QuickGelu',
    forward: ({ x }) => {
      const factor = tf.scalar(1.702);
      const z = one('Mul', float, [x, factor]);
      factor.dispose();
      const s = one('Sigmoid', float, [z]);
      const y = one('Mul', float, [x, s]);
      s.dispose();
      return [y, z];
    },
    outputsToSave: [false, true],
    gradient: (dy, [z]) => ({
      x: () => {
        const s = one('Sigmoid', float, [z!]);
        const slope = one('AddV2', float, [s, one('SigmoidGrad', float, [s, z!])]);
        return one('Mul', float, [dy, slope]);
      },
    }),
  });
  return <T extends Tensor>(x: T) => {
    const [y, z] = run({ x }, {});
    z!.dispose(); // the tape holds its own reference while it needs it
    return y as T;
  };
}
