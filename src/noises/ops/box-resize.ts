import type { ImageSize } from '../noise.js';
import { scratch } from './scratch.js';

/** Which inputs each output along one axis is the mean of: from `first` on, `count` of them. */
interface Boxes {
  readonly first: Int32Array;
  readonly count: Int32Array;
}

const known = new Map<string, Boxes>();

/** Pillow's BOX filter from n to m pixels: the whole pixels whose centres the box covers, open below, closed above. */
function boxes(n: number, m: number): Boxes {
  const key = `${n}/${m}`;
  const held = known.get(key);
  if (held) return held;
  const scale = n / m;
  const side = Math.max(scale, 1);
  const first = new Int32Array(m);
  const count = new Int32Array(m);
  for (let i = 0; i < m; i++) {
    const centre = (i + 0.5) * scale;
    let low = Math.max(0, Math.floor(centre - side / 2 + 0.5));
    let high = Math.min(n, Math.floor(centre + side / 2 + 0.5));
    while ((low - centre + 0.5) / side <= -0.5) low++;
    while ((high - 1 - centre + 0.5) / side > 0.5) high--;
    first[i] = low;
    count[i] = high - low;
  }
  const made = { first, count };
  known.set(key, made);
  return made;
}

const rowsResized = scratch((length) => new Uint8Array(length));

/**
 * Pillow's BOX resize of RGB bytes. It is not weighted by area: each output is the plain mean of whole pixels. Along
 * the rows first, then down the columns, each rounded to bytes (a half goes up).
 * @param image [from.height, from.width, 3]
 * @param out [to.height, to.width, 3]
 */
export function boxResize(image: Uint8Array, from: ImageSize, to: ImageSize, out: Uint8Array): void {
  const across = boxes(from.width, to.width);
  const stride = to.width * 3;
  const narrow = rowsResized(from.height * stride);
  for (let r = 0; r < from.height; r++) {
    for (let c = 0; c < to.width; c++) {
      const start = (r * from.width + across.first[c]!) * 3;
      average(image, start, 3, across.count[c]!, 3, narrow, r * stride + c * 3);
    }
  }
  const down = boxes(from.height, to.height);
  for (let r = 0; r < to.height; r++) {
    average(narrow, down.first[r]! * stride, stride, down.count[r]!, stride, out, r * stride);
  }
}

/**
 * Means of `count` bytes that lie `step` apart, in Pillow's fixed point, for `length` bytes in a row.
 * @param to where in `out` the means go
 */
function average(
  bytes: Uint8Array,
  start: number,
  step: number,
  count: number,
  length: number,
  out: Uint8Array,
  to: number,
): void {
  if (count === 1) {
    for (let i = 0; i < length; i++) out[to + i] = bytes[start + i]!;
    return;
  }
  if (count === 2) {
    for (let i = 0; i < length; i++) out[to + i] = (bytes[start + i]! + bytes[start + i + step]! + 1) >> 1;
    return;
  }
  const weight = Math.floor(4194304 / count + 0.5);
  for (let i = 0; i < length; i++) {
    let sum = 2097152;
    for (let j = 0; j < count; j++) sum += weight * bytes[start + i + j * step]!;
    out[to + i] = sum >> 22;
  }
}
