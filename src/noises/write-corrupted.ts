import { open, rename, rm } from 'node:fs/promises';

import { npyHeader, type NdArray } from '../core/npy.js';
import type { Rng } from '../core/rng.js';
import type { Corruptor } from './corruptor.js';
import type { Severity } from './noise.js';
import { sideBySide } from './side-by-side.js';

export interface WriteRequest {
  readonly noise: string;
  /** Of the noise's entry; they must have passed its schema. */
  readonly params?: Readonly<Record<string, unknown>>;
  readonly severities: readonly Severity[];
  /** [n, height, width, 3] */
  readonly images: NdArray<Uint8Array>;
  /** [n] the number of each image in its data set; 0 … n-1 where it is left out. */
  readonly indices?: ArrayLike<number>;
  /** The root stream, as for `corruptImages`. */
  readonly rng: Rng;
  readonly signal?: AbortSignal;
  /** Told how many images of how many are written. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** How many bytes of images go to a worker at a time. */
const pieceBytes = 1 << 20;

/**
 * Writes one noise's images as a `.npy` file [severities * n, height, width, 3], severity by severity, as CIFAR-10-C
 * has them. Pieces go to the pool and to their places in the file as they come, so that memory holds only a few. The
 * file appears when it is whole.
 * @throws {DataError} what the noise throws; the signal's reason when it is aborted
 */
export async function writeCorrupted(pool: Corruptor, path: string, request: WriteRequest): Promise<void> {
  const { severities, images, rng, signal, onProgress } = request;
  const n = images.shape[0]!;
  const rowBytes = images.shape.slice(1).reduce((a, b) => a * b, 1);
  const rows = Math.max(1, Math.floor(pieceBytes / rowBytes));
  const total = severities.length * n;
  const header = npyHeader('|u1', [total, ...images.shape.slice(1)]);
  const part = `${path}.part`;
  const file = await open(part, 'w');
  try {
    await file.write(header, 0, header.length, 0);
    let done = 0;
    const pieces = piecesOf(severities, n, rows);
    await sideBySide(pool, pieces, signal, async ({ severity, block, from, to }) => {
      const bytes = await pool.corrupt({
        noise: request.noise,
        params: request.params ?? {},
        severity,
        images: images.data.slice(from * rowBytes, to * rowBytes),
        shape: [to - from, ...images.shape.slice(1)],
        indices: Uint32Array.from({ length: to - from }, (_, k) => request.indices?.[from + k] ?? from + k),
        seed: rng.seed,
        stream: rng.path,
      });
      await file.write(bytes, 0, bytes.length, header.length + (block * n + from) * rowBytes);
      done += to - from;
      onProgress?.(done, total);
    });
    await file.close();
    await rename(part, path);
  } catch (error) {
    await file.close();
    await rm(part, { force: true });
    throw error;
  }
}

interface Span {
  readonly severity: Severity;
  /** The place of the severity among the asked ones. */
  readonly block: number;
  readonly from: number;
  readonly to: number;
}

/** All pieces in the order of the file; several loops may take from it in turn. */
function* piecesOf(severities: readonly Severity[], n: number, rows: number): Generator<Span, void> {
  for (const [block, severity] of severities.entries())
    for (let from = 0; from < n; from += rows) yield { severity, block, from, to: Math.min(n, from + rows) };
}
