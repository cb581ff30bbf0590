import type { DataId, Tensor, TensorContainer } from '@tensorflow/tfjs';

import type { Engine } from '../engine/engine.js';

interface Kept {
  readonly from: readonly Tensor[];
  /** What these held: a variable that is assigned to holds another. */
  readonly held: readonly DataId[];
  readonly drop: () => void;
}

const alive = new Set<Kept>();

/**
 * What is worked out from variables and seldom changes, such as a filter with the norm behind it folded in: kept for the
 * next batch, until one of the variables holds another value. While a gradient is recorded it is made each time, since
 * that may flow through it.
 * @param make from tensors, as many with every call, to something with tensors that nobody else disposes of
 */
export function derived<T>(
  { tf }: Engine,
  make: (from: readonly Tensor[]) => T,
): (from: readonly Tensor[]) => T {
  let last: (Kept & { readonly value: T }) | undefined;
  return (from) => {
    if (tf.engine().state.gradientDepth > 0) return make(from);
    if (last && alive.has(last)) {
      if (last.held.every((id, k) => id === from[k]!.dataId)) return last.value;
      last.drop();
    }
    const value = tf.tidy(() => make(from) as TensorContainer);
    const own = tf.tensor_util.getTensorsInContainer(value).filter((tensor) => !from.includes(tensor));
    for (const tensor of own) tf.keep(tensor);
    const kept = {
      from,
      held: from.map(({ dataId }) => dataId),
      value: value as T,
      drop: () => {
        tf.dispose(own);
        alive.delete(kept);
      },
    };
    alive.add(kept);
    last = kept;
    return kept.value;
  };
}

/** Drops what was made from one of these tensors; without them, all of it. It is made again when it is asked for. */
export function dropDerived(from?: readonly Tensor[]): void {
  for (const kept of alive) if (!from || kept.from.some((tensor) => from.includes(tensor))) kept.drop();
}
