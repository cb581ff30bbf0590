// Writes src/tasks/ab-bins.ts: which points of the 10-spaced ab grid are nearest to some sRGB colour, found by looking
// at all 256^3 of them. Run after a build: node scripts/ab-bins.mjs
import { writeFile } from 'node:fs/promises';

import { abGridPoint } from '../dist/tasks/lab.js';

const rows = new Map();
for (let r = 0; r < 256; r++)
  for (let g = 0; g < 256; g++)
    for (let b = 0; b < 256; b++) {
      const [a10, b10] = abGridPoint(r, g, b);
      if (!rows.has(a10)) rows.set(a10, new Set());
      rows.get(a10).add(b10);
    }

const lines = [...rows.keys()]
  .sort((p, q) => p - q)
  .map((a10) => {
    const values = rows.get(a10);
    const first = Math.min(...values);
    const last = Math.max(...values);
    if (values.size !== last - first + 1) throw new Error(`a = ${10 * a10}: the bins have a gap`);
    return `  [${a10}, ${first}, ${last}],`;
  });

await writeFile(
  new URL('../src/tasks/ab-bins.ts', import.meta.url),
  `/**
 * The points of the 10-spaced ab grid that are nearest to some sRGB colour, one row for each a: [a, first b, last b],
 * all in tens. Made by scripts/ab-bins.mjs.
 */
export const AB_ROWS: readonly (readonly [a: number, first: number, last: number])[] = [
${lines.join('\n')}
];
`,
);
