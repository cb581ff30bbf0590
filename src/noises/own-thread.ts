import { Rng } from '../core/rng.js';
import { corruptImages } from './corrupt.js';
import type { Corruptor } from './corruptor.js';
import { openNoise, type OpenNoise } from './index.js';
import type { Piece } from './pool-messages.js';

/** Corrupts pieces on the thread that asks, one after the other, and lets it hear messages between two of them. */
export class OwnThread implements Corruptor {
  readonly jobs = 1;
  /** What was opened before: frost is slow to open. */
  private readonly known = new Map<string, Promise<OpenNoise>>();

  async corrupt(piece: Piece): Promise<Uint8Array> {
    await new Promise(setImmediate);
    const { severity, images, shape, indices, seed, stream } = piece;
    const noise = await this.opened(piece);
    const rng = new Rng(seed, stream);
    return corruptImages({ noise, severity, images: { shape, data: images }, indices, rng });
  }

  async close(): Promise<void> {
    // Nothing of it outlives a piece.
  }

  private opened({ noise, params }: Piece): Promise<OpenNoise> {
    const key = JSON.stringify([noise, params]);
    let opened = this.known.get(key);
    if (!opened) this.known.set(key, (opened = openNoise(noise, params)));
    return opened;
  }
}
