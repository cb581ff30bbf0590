import { describe, expect, it } from 'vitest';

import { symmetricEigen } from '../../../../src/baselines/math/symmetric-eigen.js';
import { Rng } from '../../../../src/core/rng.js';
import { expectClose } from '../../../support/arrays.js';

/** V A V^T for vectors as rows. */
function inBasis(matrix: Float64Array, vectors: Float64Array, n: number): number[] {
  return Array.from({ length: n * n }, (_, at) => {
    let sum = 0;
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++)
        sum += vectors[Math.floor(at / n) * n + i]! * matrix[i * n + j]! * vectors[(at % n) * n + j]!;
    return sum;
  });
}
const diagonal = (values: ArrayLike<number>) =>
  Array.from({ length: values.length * values.length }, (_, at) =>
    at % (values.length + 1) === 0 ? values[at % values.length]! : 0,
  );
const identity = (n: number) => Float64Array.from(diagonal(new Float64Array(n).fill(1)));

function randomSymmetric(n: number, rank: number): Float64Array {
  const rng = new Rng(n, `eigen/${rank}`);
  const matrix = new Float64Array(n * n);
  for (let r = 0; r < rank; r++) {
    const v = rng.fillNormal(new Float64Array(n));
    const sign = r % 2 === 0 ? 1 : -1;
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) matrix[i * n + j]! += sign * v[i]! * v[j]!;
  }
  return matrix;
}

describe('symmetricEigen', () => {
  it.each([
    ['one number', 1, Float64Array.of(-3)],
    ['two', 2, Float64Array.of(2, -1, -1, 2)],
    ['a diagonal that is out of order', 3, Float64Array.of(1, 0, 0, 0, 5, 0, 0, 0, 3)],
    ['zeros', 3, new Float64Array(9)],
    ['the same eigenvalue four times', 4, identity(4)],
    ['both signs', 12, randomSymmetric(12, 12)],
    ['much less rank than size', 15, randomSymmetric(15, 3)],
    ['fifty rows', 50, randomSymmetric(50, 50)],
  ])('takes apart %s', (_, n, matrix) => {
    const before = matrix.slice();
    const { values, vectors } = symmetricEigen(matrix, n);
    expect(matrix).toEqual(before);
    expect([...values]).toEqual([...values].sort((a, b) => b - a));
    expectClose(inBasis(identity(n), vectors, n), diagonal(new Float64Array(n).fill(1)), 1e-12);
    const largest = Math.max(1, ...values.map(Math.abs));
    expectClose(
      inBasis(matrix, vectors, n).map((v) => v / largest),
      diagonal(values).map((v) => v / largest),
      1e-13,
    );
  });

  it('knows eigenvalues by hand', () => {
    expectClose(symmetricEigen(Float64Array.of(2, -1, -1, 2), 2).values, [3, 1], 1e-15);
  });

  it('ends on what is not a number', () => {
    expect(() => symmetricEigen(new Float64Array(9).fill(NaN), 3)).toThrow(
      new RangeError('no eigenvalues of a matrix with entries such as NaN'),
    );
  });
});
