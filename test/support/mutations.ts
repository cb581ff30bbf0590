import type { Rng } from '../../src/core/rng.js';

/** A file as a bad disk or a bad mind would leave it: some bytes replaced, perhaps cut off, perhaps a piece doubled. */
export function mutated(bytes: Uint8Array, rng: Rng): Uint8Array {
  let changed = Uint8Array.from(bytes);
  for (let k = rng.int(4); k >= 0; k--) changed[rng.int(changed.length)] = rng.int(256);
  if (rng.bernoulli(0.2)) changed = changed.subarray(0, rng.int(changed.length));
  if (rng.bernoulli(0.2)) {
    const from = rng.int(changed.length + 1);
    changed = Uint8Array.from([...changed, ...changed.subarray(from)]);
  }
  return changed;
}
