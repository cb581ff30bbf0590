/** Eigenvalues, largest first, and the unit eigenvector of each as a row of [n, n]. */
export interface Eigen {
  readonly values: Float64Array;
  readonly vectors: Float64Array;
}

/**
 * Eigenvalues and eigenvectors of a symmetric matrix: Householder's reduction to three diagonals, then QR steps with
 * Wilkinson's shift (Golub and Van Loan, Matrix Computations, section 8.3). Vectors are kept as rows, so that every
 * inner loop runs along memory. The sign of a vector means nothing.
 * @param matrix [n, n], not changed
 */
export function symmetricEigen(matrix: Float64Array, n: number): Eigen {
  const { diagonal, beside, vectors } = tridiagonal(matrix, n);
  let high = n - 1;
  for (let steps = 0; high > 0; steps++) {
    if (steps > 60 * n) throw new RangeError(`no eigenvalues of a matrix with entries such as ${matrix[0]!}`);
    for (let k = 0; k < high; k++) if (isNothing(diagonal, beside, k)) beside[k] = 0;
    if (beside[high - 1] === 0) {
      high--;
      continue;
    }
    let low = high - 1;
    while (low > 0 && beside[low - 1] !== 0) low--;
    step(diagonal, beside, vectors, n, low, high);
  }
  return sorted(diagonal, vectors, n);
}

function isNothing(diagonal: Float64Array, beside: Float64Array, k: number): boolean {
  return Math.abs(beside[k]!) <= Number.EPSILON * (Math.abs(diagonal[k]!) + Math.abs(diagonal[k + 1]!));
}

/** One QR step on rows low to high of the three diagonals. */
function step(
  diagonal: Float64Array,
  beside: Float64Array,
  vectors: Float64Array,
  n: number,
  low: number,
  high: number,
): void {
  const half = (diagonal[high - 1]! - diagonal[high]!) / 2;
  const last = beside[high - 1]!;
  const root = Math.sqrt(half * half + last * last);
  let x = diagonal[low]! - (diagonal[high]! - (last * last) / (half + (half < 0 ? -root : root)));
  let z = beside[low]!;
  for (let k = low; k < high; k++) {
    const length = Math.sqrt(x * x + z * z);
    const c = length === 0 ? 1 : x / length;
    const s = length === 0 ? 0 : z / length;
    if (k > low) beside[k - 1] = length;
    const [a, b, d] = [diagonal[k]!, beside[k]!, diagonal[k + 1]!];
    diagonal[k] = c * c * a + 2 * c * s * b + s * s * d;
    diagonal[k + 1] = s * s * a - 2 * c * s * b + c * c * d;
    beside[k] = (c * c - s * s) * b + c * s * (d - a);
    if (k < high - 1) {
      x = beside[k]!;
      z = s * beside[k + 1]!;
      beside[k + 1]! *= c;
    }
    for (let i = k * n; i < (k + 1) * n; i++) {
      const upper = vectors[i]!;
      const lower = vectors[i + n]!;
      vectors[i] = c * upper + s * lower;
      vectors[i + n] = c * lower - s * upper;
    }
  }
}

/** The three diagonals of V A V^T, and V. */
function tridiagonal(matrix: Float64Array, n: number) {
  const a = matrix.slice();
  const mirrors: Float64Array[] = [];
  const beside = new Float64Array(Math.max(0, n - 1));
  for (let k = 0; k < n - 1; k++) {
    // The mirror that turns what stands left of the diagonal in column k into its first entry alone.
    const v = new Float64Array(n);
    for (let i = k + 1; i < n; i++) v[i] = a[i * n + k]!;
    const length = Math.sqrt(dot(v, v, 0, n));
    beside[k] = v[k + 1]! > 0 ? -length : length;
    v[k + 1]! -= beside[k]!;
    const square = dot(v, v, k + 1, n);
    mirrors.push(v);
    if (square === 0) continue;
    const p = new Float64Array(n);
    for (let i = k + 1; i < n; i++) p[i] = (2 * dot(a.subarray(i * n, (i + 1) * n), v, k + 1, n)) / square;
    const share = dot(v, p, k + 1, n) / square;
    for (let i = k + 1; i < n; i++) p[i]! -= share * v[i]!;
    for (let i = k + 1; i < n; i++)
      for (let j = k + 1; j < n; j++) a[i * n + j]! -= v[i]! * p[j]! + p[i]! * v[j]!;
  }
  const vectors = new Float64Array(n * n);
  for (let i = 0; i < n; i++) vectors[i * n + i] = 1;
  for (let k = n - 2; k >= 0; k--) {
    const v = mirrors[k]!;
    const square = dot(v, v, k + 1, n);
    if (square === 0) continue;
    for (let i = k + 1; i < n; i++) {
      const row = vectors.subarray(i * n, (i + 1) * n);
      const twice = (2 * dot(row, v, k + 1, n)) / square;
      for (let j = k + 1; j < n; j++) row[j]! -= twice * v[j]!;
    }
  }
  return { diagonal: Float64Array.from({ length: n }, (_, i) => a[i * n + i]!), beside, vectors };
}

function dot(a: Float64Array, b: Float64Array, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += a[i]! * b[i]!;
  return sum;
}

function sorted(values: Float64Array, vectors: Float64Array, n: number): Eigen {
  const order = Array.from(values, (_, i) => i).sort((i, j) => values[j]! - values[i]!);
  const rows = new Float64Array(n * n);
  order.forEach((from, to) => rows.set(vectors.subarray(from * n, (from + 1) * n), to * n));
  return { values: Float64Array.from(order, (i) => values[i]!), vectors: rows };
}
