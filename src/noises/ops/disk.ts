/** One number of a sparse kernel: correlation adds weight * in(r + dy, c + dx). */
export interface Tap {
  readonly dy: number;
  readonly dx: number;
  readonly weight: number;
}

/** Half the side of the kernel's grid. */
export const diskReach = 8;
const side = 2 * diskReach + 1;

/**
 * The antialiased disk of the defocus blur, in single precision: ones where dx² + dy² <= radius², divided by their
 * number, smoothed by a 3x3 Gaussian.
 * @param radius at most 7, so that the smoothed disk stays on the grid
 * @returns [17, 17]
 */
export function diskKernel(radius: number, sigma: number): Float32Array {
  const disk = new Float32Array(side * side);
  let ones = 0;
  for (let i = 0; i < disk.length; i++) {
    const dx = (i % side) - diskReach;
    const dy = Math.floor(i / side) - diskReach;
    if (dx * dx + dy * dy > radius * radius) continue;
    disk[i] = 1;
    ones++;
  }
  for (let i = 0; i < disk.length; i++) disk[i] = disk[i]! / ones;
  return smooth3(disk, sigma);
}

/** The kernel's non-zero numbers, row by row. */
export function kernelTaps(kernel: Float32Array): Tap[] {
  return Array.from(kernel, (weight, i) => ({
    dy: Math.floor(i / side) - diskReach,
    dx: (i % side) - diskReach,
    weight,
  })).filter(({ weight }) => weight !== 0);
}

function smooth3(kernel: Float32Array, sigma: number): Float32Array {
  const { fround } = Math;
  const edge = fround(Math.exp(-1 / (2 * sigma * sigma)));
  const scale = 1 / (edge + 1 + edge);
  const w1 = fround(edge * scale);
  const w0 = fround(scale);
  const rows = new Float32Array(kernel.length);
  for (let i = 1; i < kernel.length - 1; i++) {
    rows[i] = fround(kernel[i]! * w0) + fround(fround(kernel[i - 1]! + kernel[i + 1]!) * w1);
  }
  const out = new Float32Array(kernel.length);
  for (let i = side; i < kernel.length - side; i++) {
    out[i] = fround(rows[i]! * w0) + fround(fround(rows[i - side]! + rows[i + side]!) * w1);
  }
  return out;
}
