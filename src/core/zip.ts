import { open, type FileHandle } from 'node:fs/promises';

import { DataError } from './errors.js';

/** Where the bytes of an entry lie, as the archive's directory says. */
interface Entry {
  readonly name: string;
  readonly method: number;
  readonly sizeBytes: number;
  readonly headerOffset: number;
}

const end64Mark = 0x06064b50;
const locatorMark = 0x07064b50;
const directoryMark = 0x02014b50;
const localMark = 0x04034b50;
/** Stands where the true value is in a Zip64 field. */
const [in64Short, in64] = [0xffff, 0xffffffff];
/** The directory and a comment end an archive; a comment has at most 65,535 bytes. */
const endBytes = 22 + 65_535;
const maxDirectoryBytes = 100_000_000;

/**
 * Reads single entries of a zip archive of any size (Zip64 too), as far as they are stored and not compressed, which is
 * how PyTorch writes. Checksums are not looked at: PyTorch does not either, and can be told to write none.
 */
export class ZipFile {
  private constructor(
    private readonly file: FileHandle,
    private readonly path: string,
    private readonly fileBytes: number,
    private readonly entries: ReadonlyMap<string, Entry>,
  ) {}

  /** @throws {DataError} PN372 when the directory cannot be read */
  static async open(path: string): Promise<ZipFile> {
    const file = await open(path);
    try {
      const fileBytes = (await file.stat()).size;
      return new ZipFile(file, path, fileBytes, await readDirectory(file, fileBytes, path));
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  get names(): readonly string[] {
    return [...this.entries.keys()];
  }

  sizeOf(name: string): number | undefined {
    return this.entries.get(name)?.sizeBytes;
  }

  /** The bytes of an entry that exists. @throws {DataError} PN372 when they are compressed or not all there */
  async read(name: string): Promise<Uint8Array> {
    const { method, sizeBytes, headerOffset } = this.entries.get(name)!;
    if (method !== 0)
      throw damaged(this.path, `${name} is compressed`, 'Pack it again without compression (zip -0).');
    const header = await readAt(this.file, headerOffset, 30, this.fileBytes, this.path);
    if (header.readUInt32LE(0) !== localMark)
      throw damaged(this.path, `${name} does not begin at byte ${headerOffset}, as the directory says`);
    const start = headerOffset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
    return readAt(this.file, start, sizeBytes, this.fileBytes, this.path);
  }

  async close(): Promise<void> {
    await this.file.close();
  }
}

function damaged(path: string, what: string, fix = 'Copy it or make it again: it is damaged.'): DataError {
  return new DataError(`the zip archive cannot be read: ${what}`, { code: 'PN372', where: path, fix });
}

async function readAt(
  file: FileHandle,
  offset: number,
  count: number,
  fileBytes: number,
  path: string,
): Promise<Buffer> {
  if (offset + count > fileBytes)
    throw damaged(path, `bytes ${offset} to ${offset + count} of it are declared, and it has ${fileBytes}`);
  const bytes = Buffer.alloc(count);
  for (let done = 0; done < count;) {
    const { bytesRead } = await file.read(bytes, done, count - done, offset + done);
    if (bytesRead === 0) throw damaged(path, `it ends at byte ${offset + done}`);
    done += bytesRead;
  }
  return bytes;
}

async function readDirectory(file: FileHandle, fileBytes: number, path: string): Promise<Map<string, Entry>> {
  const tailAt = Math.max(0, fileBytes - endBytes);
  const tail = await readAt(file, tailAt, fileBytes - tailAt, fileBytes, path);
  const endAt = tail.lastIndexOf(Buffer.of(0x50, 0x4b, 5, 6));
  if (endAt < 0 || endAt + 22 > tail.length)
    throw damaged(path, 'its end has no directory, so it is truncated');
  let [count, sizeBytes, offset] = [
    tail.readUInt16LE(endAt + 10),
    tail.readUInt32LE(endAt + 12),
    tail.readUInt32LE(endAt + 16),
  ];
  if (endAt >= 20 && tail.readUInt32LE(endAt - 20) === locatorMark) {
    const end64 = await readAt(file, safe(tail, endAt - 12, path), 56, fileBytes, path);
    if (end64.readUInt32LE(0) !== end64Mark) throw damaged(path, 'its Zip64 directory is not where it says');
    [count, sizeBytes, offset] = [safe(end64, 32, path), safe(end64, 40, path), safe(end64, 48, path)];
  } else if (count === in64Short || offset === in64) throw damaged(path, 'its Zip64 directory is missing');
  if (sizeBytes > maxDirectoryBytes) throw damaged(path, `it declares a directory of ${sizeBytes} bytes`);
  return parseDirectory(await readAt(file, offset, sizeBytes, fileBytes, path), count, path);
}

function parseDirectory(bytes: Buffer, count: number, path: string): Map<string, Entry> {
  const entries = new Map<string, Entry>();
  let at = 0;
  for (let k = 0; k < count; k++) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== directoryMark)
      throw damaged(path, `its directory has ${k} of ${count} entries`);
    const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((n) => bytes.readUInt16LE(at + n));
    const nameEnd = at + 46 + nameBytes!;
    const extraEnd = nameEnd + extraBytes!;
    if (extraEnd > bytes.length) throw damaged(path, `its directory has ${k} of ${count} entries`);
    const name = bytes.toString('utf8', at + 46, nameEnd);
    const wide = zip64Numbers(bytes.subarray(nameEnd, extraEnd), path);
    // In this order, and only those that do not fit, the extra field holds: size, compressed size, offset.
    const [sizeBytes, , headerOffset] = [24, 20, 42].map((n) => {
      const value = bytes.readUInt32LE(at + n);
      return value === in64 ? (wide.shift() ?? value) : value;
    });
    const entry = { name, method: bytes.readUInt16LE(at + 10) };
    entries.set(name, { ...entry, sizeBytes: sizeBytes!, headerOffset: headerOffset! });
    at = extraEnd + commentBytes!;
  }
  return entries;
}

/** The 8-byte numbers of the extra field with the id 1. */
function zip64Numbers(extra: Buffer, path: string): number[] {
  for (let at = 0; at + 4 <= extra.length;) {
    const [id, length] = [extra.readUInt16LE(at), extra.readUInt16LE(at + 2)];
    const end = Math.min(at + 4 + length, extra.length);
    if (id === 1)
      return Array.from({ length: Math.floor((end - at - 4) / 8) }, (_, k) =>
        safe(extra, at + 4 + 8 * k, path),
      );
    at = end;
  }
  return [];
}

function safe(bytes: Buffer, at: number, path: string): number {
  const value = Number(bytes.readBigUInt64LE(at));
  if (!Number.isSafeInteger(value)) throw damaged(path, `it declares the number ${value}`);
  return value;
}
