import type { ImageSize } from '../noise.js';
import type { Border } from './border.js';

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
  let at = 0;
  for (let r = -margin; r < height + margin; r++) {
    const row = border(r, height) * width;
    for (let c = -margin; c < width + margin; c++) {
      const from = (row + border(c, width)) * channels;
      for (let channel = 0; channel < channels; channel++) out[at++] = valueOfByte[image[from + channel]!]!;
    }
  }
}
