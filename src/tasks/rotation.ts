import { unusableSize, type ImageSize, type SelfSupervisedTask } from './task.js';

/**
 * Predict by which of 0, 90, 180, 270 degrees the image was turned (Gidaris et al. 2018). The reference stacks all
 * four turns of each image; we draw one, because each image's features are computed once and kept.
 */
export const rotation: SelfSupervisedTask = {
  name: 'rotation',
  kind: 'image',
  classes: 4,
  chance: () => 1 / 4,
  transform(image, size, rng, out) {
    const label = rng.int(4);
    rotate(image, size, label, out);
    return { kind: 'image', label };
  },
};

/**
 * Turns a square image counter-clockwise by `quarterTurns` times 90 degrees.
 * @param image [n, n, 3]
 * @param out [n, n, 3]
 * @param quarterTurns 0 to 3
 * @throws {DataError} PN350 when the image is not square
 */
export function rotate(image: Uint8Array, size: ImageSize, quarterTurns: number, out: Uint8Array): void {
  const { height, width: n } = size;
  if (height !== n) throw unusableSize('rotation', size, 'square images');
  for (let y = 0; y < n; y++) {
    for (let x = 0; x < n; x++) {
      const source = 3 * sourcePixel(y, x, n, quarterTurns);
      const target = 3 * (y * n + x);
      out[target] = image[source]!;
      out[target + 1] = image[source + 1]!;
      out[target + 2] = image[source + 2]!;
    }
  }
}

/** Where the pixel (y, x) of the turned image comes from. A quarter turn brings the right column to the top row. */
function sourcePixel(y: number, x: number, n: number, quarterTurns: number): number {
  if (quarterTurns === 1) return x * n + (n - 1 - y);
  if (quarterTurns === 2) return (n - 1 - y) * n + (n - 1 - x);
  if (quarterTurns === 3) return (n - 1 - x) * n + y;
  return y * n + x;
}
