import type { Tensor4D } from '@tensorflow/tfjs';

import type { Tf } from '../engine.js';
import { withoutGradient } from '../loss-gradients.js';
import { checkImages, checkWindow, outputLength } from './geometry.js';
import type { Kernels } from './index.js';

/**
 * The map that each pixel of a window sees is a slice of the padded image; side by side they are the patches, a third
 * quicker than ExtractImagePatches. A constant for any gradient.
 */
export function createPatches(tf: Tf): Kernels['patches'] {
  return (x, size, stride, pad) => {
    checkImages('patches', x);
    checkWindow('patches', x, { size: [size, size], stride, pad });
    const [n, height, width, channels] = x.shape;
    const [rows, columns] = [height, width].map((length) => outputLength(length, size, stride, pad));
    return withoutGradient(tf, () => {
      const border: [number, number] = [pad, pad];
      const padded = pad > 0 ? tf.pad4d(x, [[0, 0], border, border, [0, 0]]) : x;
      const seenAt = (top: number, left: number): Tensor4D => {
        if (stride === 1) return tf.slice(padded, [0, top, left, 0], [n, rows!, columns!, channels]);
        const end = [n, top + (rows! - 1) * stride + 1, left + (columns! - 1) * stride + 1, channels];
        return tf.stridedSlice(padded, [0, top, left, 0], end, [1, stride, stride, 1]) as Tensor4D;
      };
      const places = Array.from({ length: size * size }, (_, k) => [Math.floor(k / size), k % size] as const);
      return tf.concat(
        places.map(([top, left]) => seenAt(top, left)),
        3,
      );
    });
  };
}
