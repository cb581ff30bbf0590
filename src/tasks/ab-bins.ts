/**
 * The points of the 10-spaced ab grid that are nearest to some sRGB colour, one row for each a: [a, first b, last b],
 * all in tens. Made by scripts/ab-bins.mjs.
 */
export const AB_ROWS: readonly (readonly [a: number, first: number, last: number])[] = [
  [-9, 8, 8],
  [-8, 4, 8],
  [-7, 2, 9],
  [-6, 0, 9],
  [-5, -2, 9],
  [-4, -3, 9],
  [-3, -4, 9],
  [-2, -4, 9],
  [-1, -5, 9],
  [0, -6, 9],
  [1, -7, 8],
  [2, -7, 8],
  [3, -8, 8],
  [4, -9, 8],
  [5, -9, 7],
  [6, -10, 7],
  [7, -11, 7],
  [8, -11, 7],
  [9, -9, 0],
  [10, -7, -5],
];
