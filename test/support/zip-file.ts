import { open } from 'node:fs/promises';

export interface ZipEntry {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** 0 is stored. */
  readonly method?: number;
  /** Where its header begins; by default right after the one before. A large one makes a sparse file. */
  readonly at?: number;
}

/** Writes a zip archive; with `zip64` every number that may stand in a Zip64 field does. */
export async function writeZip(path: string, entries: readonly ZipEntry[], zip64 = false): Promise<void> {
  const file = await open(path, 'w');
  try {
    let offset = 0;
    const directory: Buffer[] = [];
    for (const { name, bytes, method = 0, at = offset } of entries) {
      const label = Buffer.from(name);
      const local = record(0x04034b50, 30, [
        [8, 2, method],
        [18, 4, bytes.length],
        [22, 4, bytes.length],
        [26, 2, label.length],
      ]);
      await file.write(Buffer.concat([local, label, bytes]), 0, undefined, at);
      offset = at + 30 + label.length + bytes.length;
      const extra = zip64 ? wide(bytes.length, at) : Buffer.alloc(0);
      const central = record(0x02014b50, 46, [
        [10, 2, method],
        [20, 4, zip64 ? 0xffffffff : bytes.length],
        [24, 4, zip64 ? 0xffffffff : bytes.length],
        [28, 2, label.length],
        [30, 2, extra.length],
        [42, 4, zip64 ? 0xffffffff : at],
      ]);
      directory.push(central, label, extra);
    }
    const text = Buffer.concat(directory);
    const end = record(0x06054b50, 22, [
      [10, 2, zip64 ? 0xffff : entries.length],
      [12, 4, zip64 ? 0xffffffff : text.length],
      [16, 4, zip64 ? 0xffffffff : offset],
    ]);
    const end64 = zip64 ? wideEnd(entries.length, text.length, offset) : Buffer.alloc(0);
    await file.write(Buffer.concat([text, end64, end]), 0, undefined, offset);
  } finally {
    await file.close();
  }
}

/** @param fields place, size and value of each number */
function record(mark: number, size: number, fields: readonly (readonly [number, number, number])[]): Buffer {
  const bytes = Buffer.alloc(size);
  bytes.writeUInt32LE(mark, 0);
  for (const [at, width, value] of fields) {
    if (width === 8) bytes.writeBigUInt64LE(BigInt(value), at);
    else bytes.writeUIntLE(value, at, width);
  }
  return bytes;
}

/** A field of another kind, then the Zip64 field: size, compressed size, offset. */
function wide(size: number, offset: number): Buffer {
  const bytes = Buffer.alloc(5 + 28);
  bytes.writeUInt16LE(0x5455, 0);
  bytes.writeUInt16LE(1, 2);
  bytes.writeUInt16LE(1, 5);
  bytes.writeUInt16LE(24, 7);
  [size, size, offset].forEach((value, k) => bytes.writeBigUInt64LE(BigInt(value), 9 + 8 * k));
  return bytes;
}

/** The Zip64 end of the directory, and the locator that says where it is. */
function wideEnd(count: number, size: number, offset: number): Buffer {
  const end = record(0x06064b50, 56, [
    [4, 8, 44],
    [24, 8, count],
    [32, 8, count],
    [40, 8, size],
    [48, 8, offset],
  ]);
  return Buffer.concat([end, record(0x07064b50, 20, [[8, 8, offset + size]])]);
}
