import { symmetricEigen } from './symmetric-eigen.js';

/**
 * The symmetric R with R R = A. Eigenvalues that rounding made negative count as 0.
 * @param matrix A [n, n], symmetric, without negative eigenvalues
 */
export function squareRoot(matrix: Float64Array, n: number): Float64Array {
  return matrixFunction(matrix, n, (value) => Math.sqrt(Math.max(0, value)));
}

/**
 * The symmetric R with R A R = 1.
 * @param matrix A [n, n], symmetric, all eigenvalues above 0
 */
export function inverseSquareRoot(matrix: Float64Array, n: number): Float64Array {
  return matrixFunction(matrix, n, (value) => {
    if (!(value > 0)) throw new RangeError(`an inverse root needs eigenvalues above 0 but got ${value}`);
    return 1 / Math.sqrt(value);
  });
}

/**
 * A function of a symmetric matrix: the sum over its eigenvectors v of f(value) v v^T.
 * @param matrix [n, n]
 */
export function matrixFunction(matrix: Float64Array, n: number, f: (value: number) => number): Float64Array {
  const { values, vectors } = symmetricEigen(matrix, n);
  const out = new Float64Array(n * n);
  for (let k = 0; k < n; k++) {
    const factor = f(values[k]!);
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) out[i * n + j]! += factor * vectors[k * n + i]! * vectors[k * n + j]!;
  }
  return out;
}
