import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

import { DataError, InternalError } from '../core/errors.js';
import type { Corruptor } from './corruptor.js';
import type { Piece, Reply } from './pool-messages.js';

/** Worker threads that corrupt pieces of data sets. They hold no TensorFlow; who opens a pool closes it. */
export class NoisePool implements Corruptor {
  private readonly workers: Worker[];
  private readonly idle: Worker[];
  private readonly waiting: ((worker: Worker) => void)[] = [];

  /** @param jobs how many threads; the bytes do not depend on it */
  constructor(
    readonly jobs: number,
    entry: URL = new URL('./pool-worker.js', import.meta.url),
  ) {
    this.workers = Array.from({ length: jobs }, () => new Worker(entry));
    this.idle = [...this.workers];
  }

  /**
   * The corrupted bytes of a piece, as `corruptImages` gives them.
   * @throws {DataError} what the noise throws, such as PN360
   */
  async corrupt(piece: Piece): Promise<Uint8Array> {
    const worker = this.idle.pop() ?? (await new Promise<Worker>((resolve) => this.waiting.push(resolve)));
    const reply = await this.ask(worker, piece);
    const next = this.waiting.shift();
    if (next) next(worker);
    else this.idle.push(worker);
    if (reply.type === 'done') return reply.bytes;
    const { message, code, where, fix } = reply;
    throw new DataError(message, {
      code,
      ...(where !== undefined && { where }),
      ...(fix !== undefined && { fix }),
    });
  }

  private async ask(worker: Worker, piece: Piece): Promise<Reply> {
    worker.postMessage(piece, [piece.images.buffer]);
    try {
      const [reply] = (await once(worker, 'message')) as [Reply];
      return reply;
    } catch (cause) {
      throw new InternalError(`the noise ${piece.noise} at severity ${piece.severity} failed`, {
        code: 'PN180',
        cause,
      });
    }
  }

  /** Ends the threads, also those that are at work. */
  async close(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.terminate()));
  }
}
