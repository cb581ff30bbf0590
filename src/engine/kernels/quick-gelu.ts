import type { NamedTensorMap, Tensor } from '@tensorflow/tfjs';

import type { Tf } from '../engine.js';
import { defineOp } from './define-op.js';
import { rawOps } from './raw.js';

interface Inputs extends NamedTensorMap {
  x: Tensor;
}

/**
 * x * s with s = sigmoid(z), z = 1.702 x (Hendrycks & Gimpel 2016, "Gaussian Error Linear Units").
 * With z and s kept, the gradient is three passes: dy * (s + z s (1 - s)), where z s (1 - s) is one SigmoidGrad.
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
      return [one('Mul', float, [x, s]), z, s];
    },
    outputsToSave: [false, true, true],
    gradient: (dy, [z, s]) => ({
      x: () => {
        const slope = one('AddV2', float, [s!, one('SigmoidGrad', float, [s!, z!])]);
        return one('Mul', float, [dy, slope]);
      },
    }),
  });
  return <T extends Tensor>(x: T) => {
    const [y, z, s] = run({ x }, {});
    tf.dispose([z!, s!]); // the tape holds its own references while it needs them
    return y as T;
  };
}
