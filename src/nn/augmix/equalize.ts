import type { Operation } from './operation.js';
import { applyTables, countBytes, tablesLength } from './tables.js';

const counts = new Int32Array(tablesLength);
const tables = new Uint8Array(tablesLength);

/** Spreads the bytes of each channel so that all are about equally frequent; a flat channel stays. */
export const equalize: Operation = {
  name: 'equalize',
  draw: () => 0,
  apply(image, { height, width }, _amount, out) {
    countBytes(image, counts);
    for (let start = 0; start < tablesLength; start += 256) {
      let last = 255;
      while (counts[start + last] === 0) last--;
      const step = Math.floor((height * width - counts[start + last]!) / 255);
      let below = Math.floor(step / 2);
      for (let v = 0; v < 256; v++) {
        tables[start + v] = step === 0 ? v : Math.min(255, Math.floor(below / step));
        below += counts[start + v]!;
      }
    }
    applyTables(image, tables, out);
  },
};
