import { constantFor, type Constants } from './constants.js';
import type { NoDraws, Noise } from './noise.js';
import { boxResize } from './ops/box-resize.js';
import { scratch } from './ops/scratch.js';

const factor: Constants<number> = {
  32: [0.95, 0.9, 0.85, 0.75, 0.65],
  64: [0.9, 0.8, 0.7, 0.6, 0.5],
};

const fewer = (n: number, factor: number): number => Math.max(1, Math.floor(n * factor));

const small = scratch((length) => new Uint8Array(length));

/** Resized to floor(n * factor) pixels and back, both by boxes. */
export const pixelate: Noise<NoDraws> = {
  draw: () => undefined,

  apply(image, size, severity, _draws, out) {
    const f = constantFor(factor, size, severity);
    const less = { height: fewer(size.height, f), width: fewer(size.width, f) };
    const held = small(less.height * less.width * 3);
    boxResize(image, size, less, held);
    boxResize(held, less, size, out);
  },
};
