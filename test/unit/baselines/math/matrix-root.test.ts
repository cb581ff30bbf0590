import { describe, expect, it } from 'vitest';

import { inverseSquareRoot, squareRoot } from '../../../../src/baselines/math/matrix-root.js';
import { expectClose } from '../../../support/arrays.js';
import { pointsOf, referenceJson } from '../../../support/points.js';

/** Made with SciPy. */
const reference = referenceJson('matrix-roots.json') as Record<'matrix' | 'root' | 'inverse', number[][]>[];

describe.each(reference.map((one) => ({ ...one, n: one.matrix.length })))(
  'of [$n, $n]',
  ({ n, matrix, root, inverse }) => {
    const { data } = pointsOf(matrix);
    it('squareRoot agrees with SciPy', () => expectClose(squareRoot(data, n), root.flat(), 1e-12));
    it('inverseSquareRoot agrees with SciPy', () =>
      expectClose(inverseSquareRoot(data, n), inverse.flat(), 1e-12));
  },
);

describe('where an eigenvalue is 0', () => {
  const flat = Float64Array.of(4, 4, 4, 4);

  it('the root has one too', () => {
    expectClose(squareRoot(flat, 2), new Float64Array(4).fill(Math.sqrt(2)), 1e-12);
  });

  it('there is no inverse root', () => {
    expect(() => inverseSquareRoot(new Float64Array(4), 2)).toThrow(
      new RangeError('an inverse root needs eigenvalues above 0 but got 0'),
    );
  });
});
