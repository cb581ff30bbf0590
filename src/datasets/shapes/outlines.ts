/** Is the point (u, v) of the shape's own frame, about -1 to 1 with v downwards, inside? */
type Outline = (u: number, v: number) => boolean;

const reach = (u: number, v: number): number => Math.max(Math.abs(u), Math.abs(v));

/** The classes, in the order of their labels. */
export const outlines: readonly (readonly [name: string, inside: Outline])[] = [
  ['disc', (u, v) => u * u + v * v <= 0.85],
  ['ring', (u, v) => u * u + v * v <= 0.95 && u * u + v * v >= 0.38],
  ['square', (u, v) => reach(u, v) <= 0.8],
  ['frame', (u, v) => reach(u, v) <= 0.85 && reach(u, v) >= 0.52],
  ['triangle', (u, v) => v <= 0.8 && v >= -0.9 && Math.abs(u) <= (v + 0.9) * 0.58],
  ['diamond', (u, v) => Math.abs(u) + Math.abs(v) <= 1.1],
  ['plus', (u, v) => reach(u, v) <= 0.95 && Math.min(Math.abs(u), Math.abs(v)) <= 0.28],
  ['cross', (u, v) => reach(u, v) <= 0.85 && Math.min(Math.abs(u - v), Math.abs(u + v)) <= 0.4],
  ['bars', (u, v) => reach(u, v) <= 0.9 && Math.floor((v + 0.9) / 0.36) % 2 === 0],
  ['checks', (u, v) => reach(u, v) <= 0.9 && u < 0 === v < 0],
];
