import type { Piece } from './pool-messages.js';
import { NoisePool } from './pool.js';
import { OwnThread } from './own-thread.js';

/** What corrupts pieces, on this thread or on others: the bytes are the same. Who opens it closes it. */
export interface Corruptor {
  /** How many pieces it works at together. */
  readonly jobs: number;
  /** The corrupted bytes of a piece, as `corruptImages` gives them. @throws {DataError} what the noise throws */
  corrupt(piece: Piece): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** Up to so many images are done before threads have started and compiled the noises. */
const fewImages = 2000;

/**
 * The corruptor for an amount of work.
 * @param images how many will be corrupted
 * @param threads how many may work at them
 */
export function openCorruptor(images: number, threads: number): Corruptor {
  return images > fewImages && threads > 1 ? new NoisePool(threads) : new OwnThread();
}
