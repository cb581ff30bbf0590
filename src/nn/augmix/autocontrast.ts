import type { Operation } from './operation.js';
import { applyTables, countBytes, tablesLength } from './tables.js';

const counts = new Int32Array(tablesLength);
const tables = new Uint8Array(tablesLength);

/** Stretches each channel so that its darkest byte becomes 0 and its lightest 255; a flat channel stays. */
export const autocontrast: Operation = {
  name: 'autocontrast',
  draw: () => 0,
  apply(image, _size, _amount, out) {
    countBytes(image, counts);
    for (let start = 0; start < tablesLength; start += 256) {
      let low = 0;
      let high = 255;
      while (counts[start + low] === 0) low++;
      while (counts[start + high] === 0) high--;
      const scale = high > low ? 255 / (high - low) : 1;
      const offset = high > low ? -low * scale : 0;
      // Only bytes that occur are looked up. The product falls short of a whole number at times: that is Pillow's way.
      for (let v = low; v <= high; v++) tables[start + v] = Math.trunc(v * scale + offset);
    }
    applyTables(image, tables, out);
  },
};
