/** How many random numbers a plasma field of that side takes. */
export function plasmaDraws(side: number): number {
  return side * side - 1;
}

/**
 * A cloud-like field by the diamond-square method on a torus, scaled to 0…1. The noise of a level has amplitude w²,
 * not w: the reference applies its factor twice.
 * @param u side² - 1 numbers in 0…1, used level by level: centres, then left-right edges, then top-bottom edges, each row by row
 * @param side a power of two
 * @param decay w is divided by it from level to level
 * @param out [side, side]
 */
export function plasma(u: ArrayLike<number>, side: number, decay: number, out: Float64Array): void {
  out[0] = 0;
  const wrap = side - 1;
  let next = 0;
  let w = 100;
  for (let step = side; step >= 2; step /= 2) {
    const half = step / 2;
    const low = -w;
    const range = 2 * w;
    for (let r = 0; r < side; r += step) {
      const below = ((r + step) & wrap) * side;
      for (let c = 0; c < side; c += step) {
        const right = (c + step) & wrap;
        const sum = out[r * side + c]! + out[below + c]! + (out[r * side + right]! + out[below + right]!);
        out[(r + half) * side + c + half] = sum / 4 + w * (low + range * u[next++]!);
      }
    }
    for (let r = 0; r < side; r += step) {
      const above = ((r - half) & wrap) * side;
      for (let c = 0; c < side; c += step) {
        const centres = out[(r + half) * side + c + half]! + out[above + c + half]!;
        const corners = out[r * side + c]! + out[r * side + ((c + step) & wrap)]!;
        out[r * side + c + half] = (centres + corners) / 4 + w * (low + range * u[next++]!);
      }
    }
    for (let r = 0; r < side; r += step) {
      const middle = (r + half) * side;
      for (let c = 0; c < side; c += step) {
        const centres = out[middle + c + half]! + out[middle + ((c - half) & wrap)]!;
        const corners = out[r * side + c]! + out[((r + step) & wrap) * side + c]!;
        out[middle + c] = (centres + corners) / 4 + w * (low + range * u[next++]!);
      }
    }
    w /= decay;
  }
  scaleToUnit(out);
}

function scaleToUnit(field: Float64Array): void {
  let least = Infinity;
  let most = -Infinity;
  for (const value of field) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  const range = most - least;
  for (let i = 0; i < field.length; i++) field[i] = (field[i]! - least) / range;
}
