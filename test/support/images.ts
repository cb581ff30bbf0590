import type { NdArray } from '../../src/core/npy.js';
import type { Rng } from '../../src/core/rng.js';

/** [height, width, 3] of independent random bytes. */
export function randomImage(rng: Rng, height: number, width: number): Uint8Array {
  return Uint8Array.from({ length: height * width * 3 }, () => rng.int(256));
}

/** [n, height, width, 3] of independent random bytes. */
export function randomImages(rng: Rng, n: number, height: number, width: number): NdArray<Uint8Array> {
  return { shape: [n, height, width, 3], data: randomImage(rng, n * height, width) };
}
