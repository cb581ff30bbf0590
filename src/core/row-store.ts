import { closeSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';

/** Rows of floats, each written once and read in any order, as often as is wanted. */
export interface RowStore {
  /** @param from number of the first row @param data whole rows */
  put(from: number, data: Float32Array): void;
  /** The rows of those numbers, one after the other. */
  take(rows: readonly number[]): Float32Array;
  close(): void;
}

export function rowsInMemory(count: number, rowSize: number): RowStore {
  let all = new Float32Array(count * rowSize);
  return {
    put: (from, data) => {
      all.set(data, from * rowSize);
    },
    take: (rows) => {
      const taken = new Float32Array(rows.length * rowSize);
      rows.forEach((row, k) => taken.set(all.subarray(row * rowSize, (row + 1) * rowSize), k * rowSize));
      return taken;
    },
    close: () => {
      all = new Float32Array();
    },
  };
}

/**
 * Rows in a file of `folder` that has no name: nothing is left of it when the process ends, however it ends.
 * @throws the error of the file system, where the disk is full for instance
 */
export function rowsInFile(folder: string, rowSize: number): RowStore {
  const path = join(folder, `rows-${randomUUID()}.tmp`);
  const file = openSync(path, 'wx+');
  unlinkSync(path);
  const rowBytes = rowSize * Float32Array.BYTES_PER_ELEMENT;
  return {
    put: (from, data) => {
      const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
      for (let done = 0; done < bytes.length;)
        done += writeSync(file, bytes, done, bytes.length - done, from * rowBytes + done);
    },
    take: (rows) => {
      const taken = new Float32Array(rows.length * rowSize);
      const bytes = new Uint8Array(taken.buffer);
      rows.forEach((row, k) => {
        for (let done = 0; done < rowBytes;) {
          const read = readSync(file, bytes, k * rowBytes + done, rowBytes - done, row * rowBytes + done);
          if (read === 0) throw new RangeError(`row ${row} was not written`);
          done += read;
        }
      });
      return taken;
    },
    close: () => {
      closeSync(file);
    },
  };
}
