import { readFile, writeFile } from 'node:fs/promises';

import { canonicalJson } from './canonical-json.js';
import { DataError } from './errors.js';
import type { NdArray } from './npy.js';
import { numberFormats, type NumberFormatName } from './number-formats.js';

/**
 * The safetensors format: 8 bytes little endian with the length of a JSON header, the header (name -> dtype, shape,
 * data_offsets from the header's end, and `__metadata__` of strings), then the data without holes or overlaps.
 */
export interface Safetensors {
  readonly tensors: Map<string, NdArray<Float32Array>>;
  readonly metadata: Record<string, string>;
}

const metadataKey = '__metadata__';
/** The reference implementation refuses longer headers, so that a wrong length cannot ask for all memory. */
const maxHeaderBytes = 100_000_000;

/**
 * The bytes of a safetensors file with float32 tensors. Names are sorted by code unit, so that equal content gives
 * equal bytes; the header is padded with spaces to 8 bytes.
 * @throws {RangeError} when a shape does not hold its data, or a tensor has the reserved name
 */
export function encodeSafetensors(
  tensors: ReadonlyMap<string, NdArray<Float32Array>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const header: [string, unknown][] = [[metadataKey, metadata]];
  const data: Uint8Array[] = [];
  let offset = 0;
  for (const [name, tensor] of [...tensors].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))) {
    if (name === metadataKey) throw new RangeError(`a tensor cannot have the name ${metadataKey}`);
    const { buffer, byteOffset, byteLength, length } = tensor.data;
    const count = tensor.shape.reduce((a, b) => a * b, 1);
    if (count !== length)
      throw new RangeError(`${name}: shape [${tensor.shape.join(', ')}] does not hold ${length} numbers`);
    const end = offset + byteLength;
    header.push([name, { dtype: 'F32', shape: [...tensor.shape], data_offsets: [offset, end] }]);
    data.push(new Uint8Array(buffer, byteOffset, byteLength));
    offset = end;
  }
  const text = Buffer.from(canonicalJson(Object.fromEntries(header)), 'utf8');
  const headerBytes = Math.ceil(text.length / 8) * 8;
  const head = Buffer.alloc(8 + headerBytes, 0x20);
  head.writeBigUInt64LE(BigInt(headerBytes), 0);
  text.copy(head, 8);
  return Buffer.concat([head, ...data]);
}

export async function writeSafetensors(
  path: string,
  tensors: ReadonlyMap<string, NdArray<Float32Array>>,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  await writeFile(path, encodeSafetensors(tensors, metadata));
}

/** Reads a whole file; every tensor gets memory of its own. @throws {DataError} PN320 to PN323 */
export async function readSafetensors(path: string): Promise<Safetensors> {
  return decodeSafetensors(await readFile(path), path);
}

/**
 * Reads tensors of every format in `number-formats.ts` as float32.
 * @param path for the error messages
 * @throws {DataError} PN320 not a safetensors file, PN321 a wrong declaration, PN322 an unknown dtype,
 *   PN323 truncated
 */
export function decodeSafetensors(bytes: Uint8Array, path: string): Safetensors {
  const { header, dataStart } = parseHeader(bytes, path);
  const dataBytes = bytes.length - dataStart;
  const metadata = parseMetadata(header[metadataKey], path);
  const declarations = Object.entries(header)
    .filter(([name]) => name !== metadataKey)
    .map(([name, value]) => parseDeclaration(name, value, path))
    .sort((a, b) => a.begin - b.begin || a.end - b.end);
  checkCoverage(declarations, dataBytes, path);
  const view = new DataView(bytes.buffer, bytes.byteOffset + dataStart, dataBytes);
  const tensors = new Map<string, NdArray<Float32Array>>();
  for (const { name, dtype, shape, begin, end } of declarations) {
    const { bytes: size, decode } = numberFormats[dtype];
    const data = Float32Array.from({ length: (end - begin) / size }, (_, i) =>
      decode(view, begin + i * size),
    );
    tensors.set(name, { shape, data });
  }
  return { tensors, metadata };
}

function fail(code: string, message: string, path: string): never {
  throw new DataError(message, {
    code,
    where: path,
    fix:
      code === 'PN322'
        ? "Save it as float32: safetensors.torch.save_file({k: v.float() for k, v in state.items()}, 'x.safetensors')."
        : 'Copy it or make it again: it is damaged, or not a safetensors file.',
  });
}

function parseHeader(
  bytes: Uint8Array,
  path: string,
): { header: Record<string, unknown>; dataStart: number } {
  if (bytes.length < 8) fail('PN320', `not a safetensors file: it has ${bytes.length} bytes`, path);
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = buffer.readBigUInt64LE(0);
  if (length > maxHeaderBytes)
    fail('PN320', `not a safetensors file: it declares a header of ${length} bytes`, path);
  const dataStart = 8 + Number(length);
  if (dataStart > bytes.length)
    fail('PN323', `the file ends after ${bytes.length - 8} of ${length} header bytes`, path);
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(buffer.subarray(8, dataStart)));
  } catch {
    fail('PN320', 'not a safetensors file: its header is not JSON', path);
  }
  if (!isRecord(header)) fail('PN320', 'not a safetensors file: its header is not a JSON object', path);
  return { header, dataStart };
}

function parseMetadata(value: unknown, path: string): Record<string, string> {
  if (value === undefined) return {};
  if (!isRecord(value) || Object.values(value).some((text) => typeof text !== 'string'))
    fail('PN321', `${metadataKey} must be an object of strings`, path);
  return value as Record<string, string>;
}

interface Declaration {
  readonly name: string;
  readonly dtype: NumberFormatName;
  readonly shape: number[];
  readonly begin: number;
  readonly end: number;
}

function parseDeclaration(name: string, value: unknown, path: string): Declaration {
  const wrong = (what: string): never => fail('PN321', `tensor ${JSON.stringify(name)}: ${what}`, path);
  if (!isRecord(value)) return wrong('its declaration is not an object');
  const { dtype, shape, data_offsets: offsets } = value;
  if (typeof dtype !== 'string') return wrong('it has no dtype');
  if (!isKnown(dtype))
    fail(
      'PN322',
      `tensor "${name}" has dtype ${dtype}; known: ${Object.keys(numberFormats).join(', ')}`,
      path,
    );
  if (!isCounts(shape)) return wrong(`shape must be an array of sizes but got ${JSON.stringify(shape)}`);
  if (!isCounts(offsets) || offsets.length !== 2)
    return wrong(`data_offsets must be [begin, end] but got ${JSON.stringify(offsets)}`);
  const [begin, end] = offsets as [number, number];
  const needed = shape.reduce((a, b) => a * b, 1) * numberFormats[dtype].bytes;
  if (end - begin !== needed)
    return wrong(
      `${dtype} [${shape.join(', ')}] takes ${needed} bytes but data_offsets [${begin}, ${end}] hold ${end - begin}`,
    );
  return { name, dtype, shape, begin, end };
}

/** The tensors, in order of their offsets, must fill the data exactly: no overlap, no hole, nothing after them. */
function checkCoverage(declarations: readonly Declaration[], dataBytes: number, path: string): void {
  let covered = 0;
  for (const { name, begin, end } of declarations) {
    if (begin !== covered)
      fail(
        'PN321',
        `tensor "${name}" begins at data byte ${begin} but the one before ends at ${covered}`,
        path,
      );
    covered = end;
  }
  if (covered > dataBytes) fail('PN323', `the file ends after ${dataBytes} of ${covered} data bytes`, path);
  if (covered < dataBytes)
    fail('PN321', `${dataBytes - covered} bytes follow the last tensor, which ends at ${covered}`, path);
}

function isKnown(dtype: string): dtype is NumberFormatName {
  return Object.hasOwn(numberFormats, dtype);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0);
}
