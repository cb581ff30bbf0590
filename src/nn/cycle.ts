import type { Rng } from '../core/rng.js';

/** Draws from 0 … count-1 so that every number comes once, in random order, before any comes again. */
export function cycle(rng: Rng, count: number): (size: number) => number[] {
  let round = 0;
  let left: number[] = [];
  return (size) => {
    while (left.length < size) left = [...left, ...rng.child(round++).permutation(count)];
    const taken = left.slice(0, size);
    left = left.slice(size);
    return taken;
  };
}
