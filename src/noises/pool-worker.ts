import { parentPort } from 'node:worker_threads';

import { DataError } from '../core/errors.js';
import { Rng } from '../core/rng.js';
import { corruptImages } from './corrupt.js';
import { openNoise, type OpenNoise } from './index.js';
import type { Piece, Reply } from './pool-messages.js';

/** The noise of the last piece: pieces of one noise mostly follow each other, and frost is slow to open. */
let last: { key: string; noise: OpenNoise } | undefined;

async function opened({ noise, params }: Piece): Promise<OpenNoise> {
  const key = JSON.stringify([noise, params]);
  if (last?.key !== key) last = { key, noise: await openNoise(noise, params) };
  return last.noise;
}

async function perform(piece: Piece): Promise<Reply> {
  try {
    const { severity, images, shape, indices, seed, stream } = piece;
    const noise = await opened(piece);
    const rng = new Rng(seed, stream);
    return {
      type: 'done',
      bytes: corruptImages({ noise, severity, images: { shape, data: images }, indices, rng }),
    };
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    const { message, code, where, fix } = error;
    return { type: 'refused', message, code, where, fix };
  }
}

parentPort!.on('message', (piece: Piece) => {
  void perform(piece).then((reply) => {
    parentPort!.postMessage(reply, reply.type === 'done' ? [reply.bytes.buffer as ArrayBuffer] : []);
  });
});
