import type { ImageSize } from '../noise.js';
import { scratch } from './scratch.js';

const half = scratch((length) => new Uint8Array(length));

/**
 * Pillow's BOX resize of RGB bytes. It is not weighted by area: each output is the plain mean of the whole pixels
 * whose centres its box covers. Rows first, then columns, each rounded to bytes (a half goes up).
 * @param image [from.height, from.width, 3]
 * @param out [to.height, to.width, 3]
 */
export function boxResize(image: Uint8Array, from: ImageSize, to: ImageSize, out: Uint8Array): void {
  const narrow = half(from.height * to.width * 3);
  for (let r = 0; r < from.height; r++) {
    boxLine(image, r * from.width * 3, 3, from.width, narrow, r * to.width * 3, 3, to.width, 3);
  }
  boxLine(narrow, 0, to.width * 3, from.height, out, 0, to.width * 3, to.height, to.width * 3);
}

/** Resizes along one axis of `step` numbers a position; `span` neighbouring numbers are treated alike. */
function boxLine(
  source: Uint8Array,
  start: number,
  step: number,
  n: number,
  out: Uint8Array,
  to: number,
  outStep: number,
  m: number,
  span: number,
): void {
  const scale = n / m;
  const reach = Math.max(scale, 1) / 2;
  for (let i = 0; i < m; i++) {
    const centre = (i + 0.5) * scale;
    const first = Math.max(0, Math.floor(centre - reach + 0.5));
    const last = Math.min(n, Math.floor(centre + reach + 0.5));
    // Pillow tests each of these pixels against the box again, open below and closed above.
    let low = first;
    while ((low - centre + 0.5) / (2 * reach) <= -0.5) low++;
    let high = last;
    while ((high - 1 - centre + 0.5) / (2 * reach) > 0.5) high--;
    const weight = Math.floor(4194304 / (high - low) + 0.5);
    for (let k = 0; k < span; k++) {
      let sum = 2097152;
      for (let j = low; j < high; j++) sum += weight * source[start + j * step + k]!;
      out[to + i * outStep + k] = sum >> 22;
    }
  }
}
