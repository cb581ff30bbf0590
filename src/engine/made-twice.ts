import type { Tensor, Variable } from '@tensorflow/tfjs';

import type { Tf } from './engine.js';
import { lossGradients } from './loss-gradients.js';

/**
 * f(), whose maps are not kept for its gradient but made again when that is asked for (gradient checkpointing, Chen et al.
 * 2016). Of several such parts of a loss only one is in memory at a time, for a second forward pass. Variables that f does
 * not use get zeros.
 * @param variables all that f may use and whose gradients count
 */
export function madeTwice<T extends Tensor>(tf: Tf, variables: readonly Variable[], f: () => T): T {
  const { state } = tf.engine() as unknown as { state: { activeTape: unknown } };
  const gradients = (dy: Tensor): Tensor[] => {
    const outer = state.activeTape; // tf.js cleans up the tape behind an inner gradient and looks for it again later
    const { value, grads } = lossGradients(tf, () => tf.sum(tf.mul(f(), dy)), [...variables]);
    state.activeTape = outer;
    value.dispose();
    return variables.map((variable) => grads[variable.name] ?? tf.zerosLike(variable));
  };
  return tf.customGrad(() => ({ value: f(), gradFunc: gradients }))(...variables);
}
