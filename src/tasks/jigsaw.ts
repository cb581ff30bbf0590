import { unusableSize, type ImageSize, type SelfSupervisedTask } from './task.js';

const GRID = 2;
const TILES = GRID * GRID;
/** Side of a tile over the side of its cell: 14 of 16 pixels on 32 x 32 images, 28 of 32 on 64 x 64. */
const TILE_SHARE = 0.875;
/** Below this a cell has no room for a gap and its reflection. */
const SMALLEST_CELL = 4;

/** All orders of four tiles in lexicographic order: class 0 is [0, 1, 2, 3], class 23 is [3, 2, 1, 0]. */
export const PERMUTATIONS: readonly (readonly number[])[] = permutations([0, 1, 2, 3]);

/**
 * Cut the image into 2 x 2 cells, shuffle them, and predict which of the 24 orders it was (Noroozi & Favaro 2016; the
 * 2 x 2 form for small images from Liu et al. 2020). Cells and tiles count row by row; in class p, cell i of the
 * mosaic shows tile `PERMUTATIONS[p][i]` of the image.
 *
 * From each cell a slightly smaller tile is cut at a random place and put in the middle of its new cell, the gap filled
 * by reflection: so lines that run on from one tile into the next do not give the order away.
 *
 * Deviations: the reference passes each tile through the network alone, standardised by itself, a third of the
 * images in grey. The repaired network's own first layers must see a whole image, hence the mosaic, in its colours.
 */
export const jigsaw: SelfSupervisedTask = {
  name: 'jigsaw',
  kind: 'image',
  classes: PERMUTATIONS.length,
  chance: () => 1 / PERMUTATIONS.length,
  transform(image, size, rng, out) {
    const { cell, tile } = layout(size);
    const label = rng.int(PERMUTATIONS.length);
    const order = PERMUTATIONS[label]!;
    for (let i = 0; i < TILES; i++) {
      const offset = { y: rng.int(cell.height - tile.height + 1), x: rng.int(cell.width - tile.width + 1) };
      const from = cellCorner(order[i]!, cell);
      placeTile(image, { y: from.y + offset.y, x: from.x + offset.x }, cellCorner(i, cell), size, out);
    }
    return { kind: 'image', label };
  },
};

interface Point {
  readonly y: number;
  readonly x: number;
}

/**
 * Sizes of a cell and of the tile cut out of it.
 * @throws {DataError} PN350 when the image has no four equal cells of at least 4 x 4 pixels
 */
export function layout(size: ImageSize): { readonly cell: ImageSize; readonly tile: ImageSize } {
  const cell = { height: size.height / GRID, width: size.width / GRID };
  if (![cell.height, cell.width].every((side) => Number.isInteger(side) && side >= SMALLEST_CELL))
    throw unusableSize('jigsaw', size, `an even height and width of at least ${GRID * SMALLEST_CELL} pixels`);
  return {
    cell,
    tile: { height: Math.floor(TILE_SHARE * cell.height), width: Math.floor(TILE_SHARE * cell.width) },
  };
}

function cellCorner(index: number, cell: ImageSize): Point {
  return { y: Math.floor(index / GRID) * cell.height, x: (index % GRID) * cell.width };
}

/** Fills the whole cell at `to` with the tile whose corner in the image is `from`, centred, margins reflected. */
function placeTile(image: Uint8Array, from: Point, to: Point, size: ImageSize, out: Uint8Array): void {
  const { cell, tile } = layout(size);
  const top = Math.floor((cell.height - tile.height) / 2);
  const left = Math.floor((cell.width - tile.width) / 2);
  for (let y = 0; y < cell.height; y++) {
    const sourceRow = (from.y + reflect(y - top, tile.height)) * size.width;
    const targetRow = (to.y + y) * size.width;
    for (let x = 0; x < cell.width; x++) {
      const source = 3 * (sourceRow + from.x + reflect(x - left, tile.width));
      const target = 3 * (targetRow + to.x + x);
      out[target] = image[source]!;
      out[target + 1] = image[source + 1]!;
      out[target + 2] = image[source + 2]!;
    }
  }
}

/** Mirrors an index just outside of 0 … n-1 back inside, without repeating the edge: -1 is 1, n is n-2. */
function reflect(index: number, n: number): number {
  if (index < 0) return -index;
  return index < n ? index : 2 * (n - 1) - index;
}

function permutations(items: readonly number[]): number[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((first) =>
    permutations(items.filter((item) => item !== first)).map((rest) => [first, ...rest]),
  );
}
