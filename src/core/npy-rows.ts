import { open } from 'node:fs/promises';

import { npyHeader } from './npy.js';

/**
 * Puts rows of an array into their places; may be called while an earlier call is still at work.
 * @param rows ascending
 * @param bytes of these rows, one after the other
 */
export type PutRows = (rows: readonly number[], bytes: Uint8Array) => Promise<void>;

/**
 * Writes a `.npy` file of bytes whose rows come in any order, so that memory holds only a few of them.
 * @param shape [rows, …]
 * @param fill puts every row once
 */
export async function writeNpyRows(
  path: string,
  shape: readonly [number, ...number[]],
  fill: (put: PutRows) => Promise<void>,
): Promise<void> {
  const [total, ...rest] = shape;
  const rowBytes = rest.reduce((a, b) => a * b, 1);
  const header = npyHeader('|u1', shape);
  const file = await open(path, 'w');
  try {
    await file.write(header, 0, header.length, 0);
    let count = 0;
    await fill(async (rows, bytes) => {
      if (bytes.length !== rows.length * rowBytes)
        throw new RangeError(`${rows.length} rows of ${rowBytes} bytes, but ${bytes.length} bytes`);
      for (const [from, to] of runsOf(rows))
        await file.write(
          bytes,
          from * rowBytes,
          (to - from) * rowBytes,
          header.length + rows[from]! * rowBytes,
        );
      count += rows.length;
    });
    if (count !== total) throw new RangeError(`${path}: ${count} of ${total} rows were put`);
  } finally {
    await file.close();
  }
}

/** The places [from, to) of rows that follow each other without a gap. */
function* runsOf(rows: readonly number[]): Generator<[from: number, to: number], void> {
  let from = 0;
  for (let to = 1; to <= rows.length; to++) {
    if (to < rows.length && rows[to] === rows[to - 1]! + 1) continue;
    yield [from, to];
    from = to;
  }
}
