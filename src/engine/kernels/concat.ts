import type { NamedTensorMap, Tensor4D } from '@tensorflow/tfjs';

import type { Tf } from '../engine.js';
import { defineOp } from './define-op.js';
import { checkImages } from './geometry.js';
import type { Kernels } from './index.js';

interface Settings {
  /** Channels of each map. */
  readonly sizes: readonly number[];
}

/**
 * Maps side by side in their channels. tf.js's own concat keeps all its inputs until the gradient, only to look at
 * their shapes; this one keeps nothing.
 */
export function createConcatChannels(tf: Tf): Kernels['concatChannels'] {
  const run = defineOp<NamedTensorMap, Settings>(tf, {
    name: 'ConcatChannels',
    forward: (inputs, { sizes }) => [
      tf.concat(
        sizes.map((_, k) => inputs[nameOf(k)] as Tensor4D),
        3,
      ),
    ],
    gradient: (dy, _saved, { sizes }) => {
      const parts = tf.split(dy, [...sizes], 3);
      return Object.fromEntries(parts.map((part, k) => [nameOf(k), () => part]));
    },
  });
  return (maps) => {
    const [first] = maps;
    if (!first) throw new RangeError('concatChannels: there must be at least one map');
    for (const map of maps) {
      checkImages('concatChannels', map);
      if (map.shape.slice(0, 3).join() !== first.shape.slice(0, 3).join())
        throw new RangeError(`concatChannels: [${map.shape}] does not lie beside [${first.shape}]`);
    }
    if (maps.length === 1) return first;
    const inputs = Object.fromEntries(maps.map((map, k) => [nameOf(k), map]));
    return run(inputs, { sizes: maps.map((map) => map.shape[3]) })[0] as Tensor4D;
  };
}

function nameOf(index: number): string {
  return `x${index}`;
}
