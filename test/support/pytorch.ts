/** What scripts/pytorch-golden.py and the tests both compute: weights and images by a formula, and summaries of arrays. */

/** `count` whole numbers of 32 bits: FNV-1a of the name, then the finaliser of MurmurHash3. */
export function words(name: string, count: number): Uint32Array {
  let hashed = 0x811c9dc5;
  for (const byte of Buffer.from(name)) hashed = Math.imul(hashed ^ byte, 0x01000193);
  return Uint32Array.from({ length: count }, (_, i) => {
    let x = (Math.imul(i, 0x9e3779b1) + hashed) >>> 0;
    x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
    x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
    return x ^ (x >>> 16);
  });
}

/** Filters are even in +-sqrt(6 / fan-in), scales and variances around 1, means around 0, biases around `low` and 3. */
export function drawn(name: string, shape: readonly number[], low: number): Float32Array {
  const count = product(shape);
  const bound = Math.sqrt(6 / product(shape.slice(1)));
  return Float32Array.from(words(name, count), (word) => {
    const even = word / 2 ** 31 - 1;
    if (shape.length > 1) return even * bound;
    const center = name.endsWith('running_mean') ? 0 : name.endsWith('bias') ? (even < 0 ? low : 3) : 1;
    return center + 0.25 * even;
  });
}

/** Bytes [count, size, size, 3]. */
export function drawnImages(count: number, size: number) {
  const data = Uint8Array.from(words('images', count * size * size * 3), (word) => word >>> 24);
  return { shape: [count, size, size, 3], data };
}

export function drawnLabels(count: number, classes: number): Uint8Array {
  return Uint8Array.from(words('labels', count), (word) => word % classes);
}

/** Values at drawn places of an array in PyTorch's order, then the sum and the norm of all of them. */
export function summary(values: Float32Array, samples: number): Float64Array {
  let [sum, squares] = [0, 0];
  for (const value of values) {
    sum += value;
    squares += value * value;
  }
  const chosen = Array.from(words('places', samples), (word) => values[word % values.length]!);
  return Float64Array.from([...chosen, sum, Math.sqrt(squares)]);
}

/**
 * Largest difference of two summaries of arrays of `size` values, relative to `scale`, the size of the values. Sum
 * and norm are held to what values that differ by as much everywhere could change in them.
 */
export function difference(
  found: ArrayLike<number>,
  expected: ArrayLike<number>,
  size: number,
  scale: number,
): number {
  const last = expected.length - 1;
  return Math.max(
    ...Array.from({ length: expected.length }, (_, i) => {
      const span = i === last ? Math.sqrt(size) : i === last - 1 ? size : 1;
      return Math.abs(found[i]! - expected[i]!) / (scale * span);
    }),
  );
}

function product(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}
