import { open, readFile, writeFile, type FileHandle } from 'node:fs/promises';

import { DataError } from './errors.js';

export type TypedArray =
  Float32Array | Float64Array | Uint8Array | Int8Array | Uint16Array | Int32Array | Uint32Array;

/** A dense array in C order. */
export interface NdArray<A extends TypedArray = TypedArray> {
  readonly shape: readonly number[];
  readonly data: A;
}

const kinds = {
  '<f4': Float32Array,
  '<f8': Float64Array,
  '|u1': Uint8Array,
  '|i1': Int8Array,
  '<u2': Uint16Array,
  '<i4': Int32Array,
  '<u4': Uint32Array,
} as const;
type Descr = keyof typeof kinds;

export interface NpyHeader {
  readonly descr: Descr;
  readonly shape: readonly number[];
  /** Where the data begin, in bytes. */
  readonly offset: number;
}

/** The bytes of a `.npy` header, format 1.0, padded to 64 bytes as NumPy does. */
export function npyHeader(descr: Descr, shape: readonly number[]): Uint8Array {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const total = Math.ceil((10 + text.length + 1) / 64) * 64;
  const bytes = Buffer.alloc(total, 0x20);
  bytes.write('\x93NUMPY\x01\x00', 0, 'latin1');
  bytes.writeUInt16LE(total - 10, 8);
  bytes.write(text, 10, 'latin1');
  bytes[total - 1] = 0x0a;
  return bytes;
}

/** Reads the header of a `.npy` text. @throws {DataError} PN310 to PN312 when it is not one that we can read. */
export function parseNpyHeader(bytes: Uint8Array, path: string): NpyHeader {
  const fail = (code: string, message: string): never => {
    throw new DataError(message, {
      code,
      where: path,
      fix: 'Write it with numpy.save, in C order, little endian.',
    });
  };
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.length < 12 || view.toString('latin1', 0, 6) !== '\x93NUMPY') fail('PN310', 'not a .npy file');
  const major = view[6]!;
  const [length, start] = major === 1 ? [view.readUInt16LE(8), 10] : [view.readUInt32LE(8), 12];
  const text = view.toString('latin1', start, start + length);
  const descr = /'descr':\s*'([^']+)'/.exec(text)?.[1];
  const shape = /'shape':\s*\(([^)]*)\)/.exec(text)?.[1];
  if (descr === undefined || shape === undefined)
    return fail('PN310', 'a .npy header without descr and shape');
  if (/'fortran_order':\s*True/.test(text)) fail('PN311', 'a .npy file in Fortran order');
  if (!(descr in kinds))
    fail('PN312', `a .npy file of type ${descr}; known: ${Object.keys(kinds).join(', ')}`);
  const dims = shape
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(Number);
  if (dims.some((size) => !Number.isSafeInteger(size))) fail('PN310', `a .npy header with shape (${shape})`);
  return { descr: descr as Descr, shape: dims, offset: start + length };
}

function descrOf(data: TypedArray): Descr {
  const found = Object.entries(kinds).find(([, kind]) => data.constructor === kind);
  if (!found) throw new TypeError(`no .npy type for ${data.constructor.name}`);
  return found[0] as Descr;
}

/** The whole `.npy` text of an array. */
export function encodeNpy(array: NdArray): Uint8Array {
  const header = npyHeader(descrOf(array.data), array.shape);
  const { buffer, byteOffset, byteLength } = array.data;
  return Buffer.concat([header, new Uint8Array(buffer, byteOffset, byteLength)]);
}

export async function writeNpy(path: string, array: NdArray): Promise<void> {
  const count = array.shape.reduce((a, b) => a * b, 1);
  if (count !== array.data.length)
    throw new RangeError(`shape [${array.shape.join(', ')}] does not hold ${array.data.length} numbers`);
  const { buffer, byteOffset, byteLength } = array.data;
  // In two pieces: one would need the memory of the array a second time.
  await writeFile(path, [
    npyHeader(descrOf(array.data), array.shape),
    new Uint8Array(buffer, byteOffset, byteLength),
  ]);
}

/** Reads a whole `.npy` file. @throws {DataError} PN310 to PN313 */
export async function readNpy<A extends TypedArray = TypedArray>(path: string): Promise<NdArray<A>> {
  const bytes = await readFile(path);
  const { descr, shape, offset } = parseNpyHeader(bytes, path);
  const count = shape.reduce((a, b) => a * b, 1);
  return { shape, data: view(bytes, descr, offset, count, path) as A };
}

/** Reads rows [from, to) of the first axis, and nothing else, of a `.npy` file. @throws {DataError} PN310 to PN313 */
export async function readNpyRows<A extends TypedArray = TypedArray>(
  path: string,
  from: number,
  to: number,
): Promise<NdArray<A>> {
  const file = await open(path);
  try {
    const { descr, shape, offset } = await headerOf(file, path);
    if (!(from >= 0 && from <= to && to <= (shape[0] ?? 0)))
      throw new RangeError(`${path} has no rows [${from}, ${to}): its shape is [${shape.join(', ')}]`);
    const row = shape.slice(1).reduce((a, b) => a * b, 1);
    const size = kinds[descr].BYTES_PER_ELEMENT;
    const bytes = Buffer.alloc((to - from) * row * size);
    const found = await file.read(bytes, 0, bytes.length, offset + from * row * size);
    return {
      shape: [to - from, ...shape.slice(1)],
      data: view(bytes.subarray(0, found.bytesRead), descr, 0, (to - from) * row, path) as A,
    };
  } finally {
    await file.close();
  }
}

/** The header of a `.npy` file whose data are all there; they are not read. @throws {DataError} PN310 to PN313 */
export async function readNpyHeader(path: string): Promise<NpyHeader> {
  const file = await open(path);
  try {
    const header = await headerOf(file, path);
    const { size } = await file.stat();
    const count = header.shape.reduce((a, b) => a * b, 1);
    requireBytes(size - header.offset, count * kinds[header.descr].BYTES_PER_ELEMENT, path);
    return header;
  } finally {
    await file.close();
  }
}

async function headerOf(file: FileHandle, path: string): Promise<NpyHeader> {
  const head = Buffer.alloc(4096);
  const { bytesRead } = await file.read(head, 0, head.length, 0);
  return parseNpyHeader(head.subarray(0, bytesRead), path);
}

function requireBytes(found: number, needed: number, path: string): void {
  if (found >= needed) return;
  throw new DataError(`the file ends after ${found} of ${needed} data bytes`, {
    code: 'PN313',
    where: path,
    fix: 'Copy or make it again: it is truncated.',
  });
}

function view(bytes: Buffer, descr: Descr, offset: number, count: number, path: string): TypedArray {
  const Kind = kinds[descr];
  const needed = count * Kind.BYTES_PER_ELEMENT;
  requireBytes(bytes.length - offset, needed, path);
  const start = bytes.byteOffset + offset;
  if (start % Kind.BYTES_PER_ELEMENT === 0) return new Kind(bytes.buffer as ArrayBuffer, start, count);
  return new Kind(bytes.buffer.slice(start, start + needed) as ArrayBuffer, 0, count);
}
