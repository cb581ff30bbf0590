import type { ImageSize } from '../noise.js';
import type { Border } from './border.js';
import { scratch } from './scratch.js';

const scratchColumns = scratch((length) => new Int32Array(length));

/**
 * Bytes with `margin` more pixels on every side, each byte replaced by its value in a table.
 * @param image [height, width, channels]
 * @param out [height + 2 margin, width + 2 margin, channels]
 */
export function padBytes(
  image: Uint8Array,
  { height, width }: ImageSize,
  channels: number,
  margin: number,
  border: Border,
  valueOfByte: Float64Array,
  out: Float64Array,
): void {
  const columns = scratchColumns(width + 2 * margin);
  for (let i = 0; i < columns.length; i++) columns[i] = border(i - margin, width) * channels;
  let at = 0;
  for (let r = -margin; r < height + margin; r++) {
    const row = border(r, height) * width * channels;
    for (let i = 0; i < columns.length; i++) {
      const from = row + columns[i]!;
      for (let k = 0; k < channels; k++) out[at++] = valueOfByte[image[from + k]!]!;
    }
  }
}
