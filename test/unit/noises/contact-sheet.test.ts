import sharp from 'sharp';
import { expect, it } from 'vitest';

import { drawSheet, layOut, type ContactSheet } from '../../../src/noises/contact-sheet.js';

const size = { height: 20, width: 30 };

/** An image whose every byte is different from that of its neighbours, and from those of the other images. */
function image(start: number): Uint8Array {
  return Uint8Array.from({ length: 20 * 30 * 3 }, (_, i) => start + (i % 190));
}

const sheet: ContactSheet = {
  size,
  groups: ['0: cat & dog', '1: <ship>'],
  columns: ['clean', '1', '2'],
  rows: [
    { label: 'fog', images: [0, 10, 20, 30, 40, 50].map(image) },
    { label: 'elastic_transform', images: [5, 15, 25, 35, 45, 55].map(image) },
  ],
};

it('draws every image where the layout says, twice as large, and nothing between', async () => {
  const { png, width, height, hasLabels } = await drawSheet(sheet);
  const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  expect(info).toMatchObject({ format: 'raw', width, height, channels: 3 });
  const { scale, x, y } = layOut(sheet);
  expect(scale).toBe(2);
  const isCovered = new Uint8Array(width * height);
  const wrong: string[] = [];
  for (const [r, { images }] of sheet.rows.entries())
    for (const [i, expected] of images.entries())
      for (let row = 0; row < 40; row++)
        for (let column = 0; column < 60; column++) {
          const place = (y(r) + row) * width + x(Math.floor(i / 3), i % 3) + column;
          const from = ((row >> 1) * 30 + (column >> 1)) * 3;
          isCovered[place] = 1;
          for (let k = 0; k < 3; k++)
            if (data[place * 3 + k] !== expected[from + k])
              wrong.push(`row ${r} image ${i} at ${row},${column}`);
        }
  expect(wrong).toEqual([]);
  expect(isCovered.reduce((sum, one) => sum + one, 0)).toBe(2 * 6 * 40 * 60);

  // Beside the images there are labels, in the margins only, and where there is a font.
  const written = { left: 0, top: 0, between: 0 };
  for (let place = 0; place < isCovered.length; place++) {
    if (isCovered[place] || data[place * 3]! > 150) continue;
    if (place % width < x(0, 0)) written.left++;
    else if (Math.floor(place / width) < y(0)) written.top++;
    else written.between++;
  }
  expect(written).toMatchObject({ between: 0 });
  expect([written.left > 0, written.top > 0]).toEqual([hasLabels, hasLabels]);
});

it('leaves images of 64 pixels and more as they are', () => {
  for (const side of [64, 200])
    expect(layOut({ ...sheet, size: { height: side, width: side } }).scale).toBe(1);
});
