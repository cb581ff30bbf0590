import { parentPort } from 'node:worker_threads';

import { DataError } from '../core/errors.js';
import { OwnThread } from './own-thread.js';
import type { Piece, Reply } from './pool-messages.js';

const thread = new OwnThread();

async function perform(piece: Piece): Promise<Reply> {
  try {
    return { type: 'done', bytes: await thread.corrupt(piece) };
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
