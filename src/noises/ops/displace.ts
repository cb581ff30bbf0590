import type { ImageSize } from '../noise.js';
import { mirrorHalf } from './border.js';

/**
 * Samples an RGB image at displaced positions, bilinear in double precision, half-sample mirror at the border.
 * @param image [height, width, 3]
 * @param dx [height, width] columns to the right
 * @param dy [height, width] rows downward
 * @param out [height, width, 3]
 */
export function displace(
  image: Float32Array,
  { height, width }: ImageSize,
  dx: Float32Array,
  dy: Float32Array,
  out: Float32Array,
): void {
  for (let r = 0; r < height; r++) {
    for (let c = 0; c < width; c++) {
      const p = r * width + c;
      const y = reflect(r + dy[p]!, height);
      const x = reflect(c + dx[p]!, width);
      const floorY = Math.floor(y);
      const floorX = Math.floor(x);
      const down = y - floorY;
      const right = x - floorX;
      const up = 1 - down;
      const left = 1 - right;
      const row0 = mirrorHalf(floorY, height) * width;
      const row1 = mirrorHalf(floorY + 1, height) * width;
      const column0 = mirrorHalf(floorX, width);
      const column1 = mirrorHalf(floorX + 1, width);
      for (let k = 0; k < 3; k++) {
        out[p * 3 + k] =
          image[(row0 + column0) * 3 + k]! * up * left +
          image[(row0 + column1) * 3 + k]! * up * right +
          image[(row1 + column0) * 3 + k]! * down * left +
          image[(row1 + column1) * 3 + k]! * down * right;
      }
    }
  }
}

/** A position beyond the border, folded back to (-1, n), where two mirrored pixels stand for it. */
function reflect(position: number, n: number): number {
  let folded = position % (2 * n);
  if (folded < 0) folded = folded < -n ? folded + 2 * n : -folded - 1;
  return folded >= n ? 2 * n - folded - 1 : folded;
}
