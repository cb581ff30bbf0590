import type { Tensor, Variable } from '@tensorflow/tfjs';

import type { Tf } from './engine.js';
import { gradientsFrom } from './loss-gradients.js';

/**
 * f(x), whose maps are not kept for its gradient but made again when that is asked for (gradient checkpointing, Chen et al.
 * 2016). Of several such parts of a loss only one is in memory at a time, for a second forward pass. What f does not use
 * gets zeros.
 * @param x kept
 * @param variables all that f may use and whose gradients count
 */
export function madeTwice<X extends Tensor, Y extends Tensor>(
  tf: Tf,
  x: X,
  variables: readonly Variable[],
  f: (x: X) => Y,
): Y {
  const { state } = tf.engine() as unknown as { state: { activeTape: unknown } };
  const gradients = (dy: Y, kept: X): Tensor[] => {
    const outer = state.activeTape; // tf.js cleans up the tape behind an inner gradient and looks for it again later
    const { value, grads } = gradientsFrom(tf, () => f(kept), [kept, ...variables], dy.clone());
    state.activeTape = outer;
    value.dispose();
    return [x, ...variables].map((input, i) => grads[i] ?? tf.zerosLike(input));
  };
  return tf.customGrad((...args) => {
    const save = args.at(-1) as unknown as (tensors: Tensor[]) => void;
    save([x]);
    return { value: f(x), gradFunc: (dy: Y, saved: Tensor[]) => gradients(dy, saved[0] as X) };
  })(x, ...variables);
}
