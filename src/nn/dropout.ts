import type { Tensor } from '@tensorflow/tfjs';

import type { Rng } from '../core/rng.js';
import type { Engine } from '../engine/engine.js';
import type { DropoutSource, Layer } from './parameter.js';

/** Drops each unit with probability p in training and scales the rest by 1/(1-p). */
export function dropout<T extends Tensor>(engine: Engine, p: number): Layer<T> {
  const { tf } = engine;
  return {
    parameters: [],
    buffers: [],
    forward: (x, mode) =>
      mode.training && p > 0 ? tf.mul(x, tf.tensor(mode.dropout.mask(x.size, p), x.shape)) : x,
  };
}

/** For passes that need training's batch statistics but all units. */
export const dropNothing: DropoutSource = { mask: (count) => new Float32Array(count).fill(1) };

/** Masks drawn from one stream, two units from each 32 bits (p is met to 1/65536). */
export function dropoutFrom(rng: Rng): DropoutSource {
  return {
    mask(count, p) {
      const mask = new Float32Array(count);
      const threshold = Math.round(p * 65536);
      const kept = 1 / (1 - p);
      for (let i = 0; i < count; i += 2) {
        const bits = rng.uint32();
        mask[i] = (bits & 0xffff) >= threshold ? kept : 0;
        if (i + 1 < count) mask[i + 1] = bits >>> 16 >= threshold ? kept : 0;
      }
      return mask;
    },
  };
}
