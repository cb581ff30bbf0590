import { describe, expect, it } from 'vitest';

import { fitPca, unwhiten, whiten, type Pca } from '../../../../src/baselines/math/pca.js';
import type { NdArray } from '../../../../src/core/npy.js';
import { expectClose } from '../../../support/arrays.js';
import { photoPoints, pointsOf, referenceJson } from '../../../support/points.js';

interface Found {
  readonly k: number;
  readonly variances: number[];
  readonly directions: number[][];
  readonly whitened: number[][];
  readonly restored: number[][];
}
/** Made with scikit-learn; signs as ours. */
const reference = referenceJson('pca.json') as Record<'wide' | 'tall', Found & { points: number[][] }> & {
  photos: Found;
};

function restored(pca: Pca, { shape, data }: NdArray<Float64Array>): number[] {
  const k = shape[1]!;
  return Array.from({ length: shape[0]! }, (_, p) => [
    ...unwhiten(pca, data.subarray(p * k, (p + 1) * k)),
  ]).flat();
}

describe('fitPca, whiten, unwhiten', () => {
  it.each(['wide', 'tall'] as const)('agree with scikit-learn for %s points', (name) => {
    const { k, variances, directions, whitened, ...expected } = reference[name];
    const points = pointsOf(reference[name].points);
    const pca = fitPca(points, k);
    expectClose(pca.variances, variances, 1e-12);
    expectClose(pca.directions.data, directions.flat(), 1e-11);
    const white = whiten(pca, points);
    expect(white.shape).toEqual([points.shape[0], k]);
    expectClose(white.data, whitened.flat(), 1e-11);
    expectClose(restored(pca, white), expected.restored.flat(), 1e-11);
  });

  it('agree with scikit-learn for photos', async () => {
    const photos = await photoPoints();
    const { k, variances, directions, whitened, ...expected } = reference.photos;
    const pca = fitPca(photos, k);
    expect(pca.directions.shape).toEqual([32, 3072]);
    expectClose(pca.variances, variances, 1e-10);
    const each512th = (values: ArrayLike<number>) => Array.from(values).filter((_, i) => i % 512 === 0);
    expectClose(each512th(pca.directions.data), directions.flat(), 1e-10);
    const white = whiten(pca, { shape: [2, 3072], data: photos.data.slice(0, 2 * 3072) });
    expectClose(white.data, whitened.flat(), 1e-10);
    expectClose(each512th(restored(pca, white)), expected.restored.flat(), 1e-10);
  });

  it('have no more directions than points vary in', () => {
    const line = pointsOf([
      [1, 2, 3],
      [2, 4, 3],
      [4, 8, 3],
    ]);
    const pca = fitPca(line, 3);
    expect(pca.variances.length).toBe(1);
    expectClose(pca.directions.data, [Math.sqrt(1 / 5), Math.sqrt(4 / 5), 0], 1e-12);
    expectClose(restored(pca, whiten(pca, line)), [...line.data], 1e-12);
  });
});
