import type { Tensor4D } from '@tensorflow/tfjs';

import type { Tf } from '../engine.js';
import { checkImages, checkWindow } from './geometry.js';
import type { Kernels } from './index.js';
import { rawOps } from './raw.js';

/** ExtractImagePatches of maps that are padded first. It has no gradient: nothing here is recorded. */
export function createPatches(tf: Tf): Kernels['patches'] {
  const { one, int, string, type } = rawOps(tf);
  return (x, size, stride, pad) => {
    checkImages('patches', x);
    checkWindow('patches', x, { size: [size, size], stride, pad });
    const padded =
      pad === 0
        ? x
        : tf.pad4d(x, [
            [0, 0],
            [pad, pad],
            [pad, pad],
            [0, 0],
          ]);
    const attrs = [
      type('float32'),
      int('ksizes', [1, size, size, 1]),
      int('strides', [1, stride, stride, 1]),
      int('rates', [1, 1, 1, 1]),
      string('padding', 'VALID'),
    ];
    const patches = one('ExtractImagePatches', attrs, [padded]) as Tensor4D;
    if (padded !== x) padded.dispose();
    return patches;
  };
}
