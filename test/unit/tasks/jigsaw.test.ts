import { describe, expect, it } from 'vitest';

import { Rng } from '../../../src/core/rng.js';
import { jigsaw, layout, PERMUTATIONS } from '../../../src/tasks/jigsaw.js';
import { randomImage } from '../../support/images.js';

describe('PERMUTATIONS', () => {
  it('are all 24 orders, sorted', () => {
    const texts = PERMUTATIONS.map((order) => order.join(''));
    expect(new Set(texts).size).toBe(24);
    expect(texts).toEqual([...texts].sort());
    expect(PERMUTATIONS.every((order) => [...order].sort().join('') === '0123')).toBe(true);
  });

  it('start and end with the written-out ones', () => {
    expect(PERMUTATIONS.slice(0, 4)).toEqual([
      [0, 1, 2, 3],
      [0, 1, 3, 2],
      [0, 2, 1, 3],
      [0, 2, 3, 1],
    ]);
    expect(PERMUTATIONS[23]).toEqual([3, 2, 1, 0]);
  });
});

describe('layout', () => {
  it.each([
    [8, 4, 3],
    [32, 16, 14],
    [64, 32, 28],
  ])('cuts images of %i pixels into cells of %i and tiles of %i', (side, cell, tile) => {
    expect(layout({ height: side, width: side })).toEqual({
      cell: { height: cell, width: cell },
      tile: { height: tile, width: tile },
    });
  });
});

describe('jigsaw', () => {
  it('turns an 8 x 8 image into the written-out mosaic', () => {
    // Pixel (y, x) is 10 y + x in every channel.
    const value = (i: number) => 10 * Math.floor(i / 8) + (i % 8);
    const image = Uint8Array.from({ length: 192 }, (_, i) => value(Math.floor(i / 3)));
    const out = new Uint8Array(192);
    const target = jigsaw.transform(image, { height: 8, width: 8 }, new Rng(5005, 'jigsaw'), out);
    const rows = Array.from({ length: 8 }, (_, y) =>
      Array.from({ length: 8 }, (_, x) => out[3 * (8 * y + x)]),
    );
    expect(target).toEqual({ kind: 'image', label: 22 }); // [3, 2, 0, 1]
    expect(rows).toEqual([
      [55, 56, 57, 56, 40, 41, 42, 41],
      [65, 66, 67, 66, 50, 51, 52, 51],
      [75, 76, 77, 76, 60, 61, 62, 61],
      [65, 66, 67, 66, 50, 51, 52, 51],
      [0, 1, 2, 1, 15, 16, 17, 16],
      [10, 11, 12, 11, 25, 26, 27, 26],
      [20, 21, 22, 21, 35, 36, 37, 36],
      [10, 11, 12, 11, 25, 26, 27, 26],
    ]);
  });

  it.each([
    [32, 32],
    [64, 64],
    [16, 24],
  ])('puts back together by its label what it took apart (%i x %i)', (height, width) => {
    const rng = new Rng(5, 'images');
    const { cell, tile } = layout({ height, width });
    const margin = { y: (cell.height - tile.height) >> 1, x: (cell.width - tile.width) >> 1 };
    for (let k = 0; k < 6; k++) {
      const image = randomImage(rng, height, width);
      const out = new Uint8Array(image.length);
      const target = jigsaw.transform(image, { height, width }, rng.child(k), out);
      if (target.kind !== 'image') throw new Error('not an image label');
      for (const [i, source] of PERMUTATIONS[target.label]!.entries()) {
        const at = { y: (i >> 1) * cell.height + margin.y, x: (i & 1) * cell.width + margin.x };
        const shown = window(out, width, at, tile);
        const corner = { y: (source >> 1) * cell.height, x: (source & 1) * cell.width };
        const candidates = offsets(cell.height - tile.height).flatMap((y) =>
          offsets(cell.width - tile.width).map((x) =>
            window(image, width, { y: corner.y + y, x: corner.x + x }, tile),
          ),
        );
        expect(candidates).toContainEqual(shown);
      }
    }
  });

  it('fills the gap round a tile by reflection', () => {
    const image = randomImage(new Rng(6, 'image'), 32, 32);
    const out = new Uint8Array(image.length);
    jigsaw.transform(image, { height: 32, width: 32 }, new Rng(6, 'draw'), out);
    const row = (y: number) => out.subarray(y * 96, (y + 1) * 96);
    const column = (x: number) => Array.from({ length: 32 }, (_, y) => out[(y * 32 + x) * 3]);
    for (const start of [0, 16]) {
      expect(row(start)).toEqual(row(start + 2));
      expect(row(start + 15)).toEqual(row(start + 13));
      expect(column(start)).toEqual(column(start + 2));
      expect(column(start + 15)).toEqual(column(start + 13));
    }
  });

  it('cuts each tile at an offset of its own', () => {
    // The offset shows in the middle pixel of each cell, because no two pixels are alike.
    const image = Uint8Array.from({ length: 3072 }, (_, i) => {
      const pixel = Math.floor(i / 3);
      return i % 3 === 0 ? pixel >> 5 : pixel & 31;
    });
    const seen = new Set<string>();
    for (let k = 0; k < 40; k++) {
      const out = new Uint8Array(3072);
      jigsaw.transform(image, { height: 32, width: 32 }, new Rng(7, `draw/${k}`), out);
      const middles = [0, 1, 2, 3].map((i) => 3 * (((i >> 1) * 16 + 7) * 32 + (i & 1) * 16 + 7));
      seen.add(middles.map((p) => `${(out[p]! % 16) - 6},${(out[p + 1]! % 16) - 6}`).join(' '));
    }
    expect(seen.size).toBeGreaterThan(30);
    const single = new Set([...seen].flatMap((text) => text.split(' ')));
    expect([...single].sort()).toEqual(['0,0', '0,1', '0,2', '1,0', '1,1', '1,2', '2,0', '2,1', '2,2']);
  });
});

function offsets(largest: number): number[] {
  return Array.from({ length: largest + 1 }, (_, i) => i);
}

function window(
  image: Uint8Array,
  width: number,
  at: { y: number; x: number },
  size: { height: number; width: number },
): number[] {
  return Array.from({ length: size.height }, (_, y) => {
    const start = 3 * ((at.y + y) * width + at.x);
    return [...image.subarray(start, start + 3 * size.width)];
  }).flat();
}
