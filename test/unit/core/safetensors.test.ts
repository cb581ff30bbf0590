import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { sha256 } from '../../../src/core/digest.js';
import { DataError } from '../../../src/core/errors.js';
import { Rng } from '../../../src/core/rng.js';
import {
  decodeSafetensors,
  encodeSafetensors,
  readSafetensors,
  writeSafetensors,
} from '../../../src/core/safetensors.js';

/** A file with any header text and any data. */
function fileOf(header: unknown, data: Uint8Array = new Uint8Array(0)): Uint8Array {
  const text = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, data]);
}

function errorOf(bytes: Uint8Array): string {
  try {
    decodeSafetensors(bytes, 'a.safetensors');
  } catch (error) {
    if (error instanceof DataError) return `${error.code} ${error.message}`;
    throw error;
  }
  return 'no error';
}

const two = new Map([
  ['conv1.weight', { shape: [2, 1, 1, 2], data: Float32Array.of(1, -2.5, 3e-7, Infinity) }],
  ['conv1.bias', { shape: [2], data: Float32Array.of(0.5, NaN) }],
]);

describe('round trip', () => {
  it('keeps names, shapes, values and metadata', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'patchnas-safetensors-'));
    try {
      const path = join(folder, 'a.safetensors');
      await writeSafetensors(path, two, { note: 'h\u00e9', mean: '[0.49]' });
      const { tensors, metadata } = await readSafetensors(path);
      expect(tensors).toEqual(two);
      expect(metadata).toEqual({ note: 'h\u00e9', mean: '[0.49]' });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('keeps scalars, empty tensors, names with quotes and an empty file', () => {
    const odd = new Map([
      ['scalar', { shape: [], data: Float32Array.of(7) }],
      ['empty', { shape: [0, 3], data: new Float32Array(0) }],
      ['a "quoted"\n/name', { shape: [1], data: Float32Array.of(-0) }],
      ['__proto__', { shape: [1], data: Float32Array.of(4) }],
    ]);
    expect(decodeSafetensors(encodeSafetensors(odd), 'a').tensors).toEqual(odd);
    expect(decodeSafetensors(encodeSafetensors(new Map()), 'a')).toEqual({
      tensors: new Map(),
      metadata: {},
    });
  });

  it('reads a file that lies at an odd offset in memory', () => {
    const bytes = encodeSafetensors(two);
    const shifted = new Uint8Array(bytes.length + 1);
    shifted.set(bytes, 1);
    expect(decodeSafetensors(shifted.subarray(1), 'a').tensors).toEqual(two);
  });
});

describe('encodeSafetensors', () => {
  it('writes these bytes', () => {
    const bytes = encodeSafetensors(new Map([['w', { shape: [1], data: Float32Array.of(1) }]]), { k: 'v' });
    const header = '{"__metadata__":{"k":"v"},"w":{"data_offsets":[0,4],"dtype":"F32","shape":[1]}}';
    expect(Buffer.from(bytes).toString('latin1')).toBe(
      `\x50\0\0\0\0\0\0\0${header.padEnd(80)}\x00\x00\x80\x3f`,
    );
  });

  it('does not depend on the order of tensors or metadata', () => {
    const reversed = new Map([...two].reverse());
    expect(sha256(encodeSafetensors(reversed, { b: '2', a: '1' }))).toBe(
      sha256(encodeSafetensors(two, { a: '1', b: '2' })),
    );
  });

  it('refuses a shape that does not hold the data, and the reserved name', () => {
    const data = Float32Array.of(1, 2, 3);
    expect(() => encodeSafetensors(new Map([['w', { shape: [2, 2], data }]]))).toThrow(
      'w: shape [2, 2] does not hold 3 numbers',
    );
    expect(() => encodeSafetensors(new Map([['__metadata__', { shape: [3], data }]]))).toThrow(
      'a tensor cannot have the name __metadata__',
    );
  });
});

describe('other dtypes', () => {
  it('reads float16, bfloat16 and int64 as float32', () => {
    const half = [0x3c00, 0xc000, 0x0001, 0x7bff, 0x7c00, 0xfc00, 0x7e00, 0x3555];
    const brain = [0x3f80, 0xc000, 0x7f80, 0x0001];
    const data = Buffer.alloc(40);
    half.forEach((bits, i) => data.writeUInt16LE(bits, 2 * i));
    brain.forEach((bits, i) => data.writeUInt16LE(bits, 16 + 2 * i));
    data.writeBigInt64LE(-391n, 24);
    data.writeBigInt64LE(7n, 32);
    const { tensors } = decodeSafetensors(
      fileOf(
        {
          half: { dtype: 'F16', shape: [8], data_offsets: [0, 16] },
          brain: { dtype: 'BF16', shape: [2, 2], data_offsets: [16, 24] },
          steps: { dtype: 'I64', shape: [2], data_offsets: [24, 40] },
        },
        data,
      ),
      'a',
    );
    expect([...tensors.get('half')!.data]).toEqual([
      1,
      -2,
      2 ** -24,
      65504,
      Infinity,
      -Infinity,
      NaN,
      1365 / 4096,
    ]);
    expect([...tensors.get('brain')!.data]).toEqual([1, -2, Infinity, Math.fround(2 ** -133)]);
    expect([...tensors.get('steps')!.data]).toEqual([-391, 7]);
  });
});

describe('damaged files', () => {
  const f32 = (shape: unknown, offsets: unknown) => ({ dtype: 'F32', shape, data_offsets: offsets });
  const data = new Uint8Array(8);
  const cases: [name: string, bytes: Uint8Array, message: string][] = [
    ['no bytes', new Uint8Array(0), 'PN320 not a safetensors file: it has 0 bytes'],
    ['seven bytes', new Uint8Array(7), 'PN320 not a safetensors file: it has 7 bytes'],
    [
      'a length beyond 2^53',
      new Uint8Array(16).fill(255),
      'PN320 not a safetensors file: it declares a header of 18446744073709551615 bytes',
    ],
    [
      'a cut header',
      encodeSafetensors(two).subarray(0, 20),
      'PN323 the file ends after 12 of 152 header bytes',
    ],
    ['cut data', encodeSafetensors(two).subarray(0, -5), 'PN323 the file ends after 19 of 24 data bytes'],
    ['not JSON', fileOf('{"w":'), 'PN320 not a safetensors file: its header is not JSON'],
    ['not UTF-8', fileOf('"\xff').fill(0xff, 9, 10), 'PN320 not a safetensors file: its header is not JSON'],
    ['an array', fileOf([]), 'PN320 not a safetensors file: its header is not a JSON object'],
    ['null', fileOf(null), 'PN320 not a safetensors file: its header is not a JSON object'],
    [
      'metadata that is no string',
      fileOf({ __metadata__: { a: 1 } }),
      'PN321 __metadata__ must be an object of strings',
    ],
    ['a number as declaration', fileOf({ w: 3 }), 'PN321 tensor "w": its declaration is not an object'],
    ['no dtype', fileOf({ w: { shape: [1] } }), 'PN321 tensor "w": it has no dtype'],
    [
      'an unknown dtype',
      fileOf({ w: { dtype: 'F8_E4M3', shape: [1], data_offsets: [0, 1] } }),
      'PN322 tensor "w" has dtype F8_E4M3; known: F64, F32, F16, BF16, I64, I32, I16, I8, U8, BOOL',
    ],
    [
      'a dtype that is a property of every object',
      fileOf({ w: { dtype: 'toString', shape: [1], data_offsets: [0, 1] } }),
      'PN322 tensor "w" has dtype toString; known: F64, F32, F16, BF16, I64, I32, I16, I8, U8, BOOL',
    ],
    [
      'a negative size',
      fileOf({ w: f32([-1], [0, 4]) }),
      'PN321 tensor "w": shape must be an array of sizes but got [-1]',
    ],
    [
      'sizes that overflow',
      fileOf({ w: f32([2 ** 40, 2 ** 40], [0, 8]) }, data),
      'PN321 tensor "w": F32 [1099511627776, 1099511627776] takes 4.835703278458517e+24 bytes but data_offsets [0, 8] hold 8',
    ],
    [
      'one offset',
      fileOf({ w: f32([1], [0]) }),
      'PN321 tensor "w": data_offsets must be [begin, end] but got [0]',
    ],
    [
      'offsets in reverse',
      fileOf({ w: f32([2], [8, 0]) }, data),
      'PN321 tensor "w": F32 [2] takes 8 bytes but data_offsets [8, 0] hold -8',
    ],
    [
      'a shape of another size',
      fileOf({ w: f32([3], [0, 8]) }, data),
      'PN321 tensor "w": F32 [3] takes 12 bytes but data_offsets [0, 8] hold 8',
    ],
    [
      'an overlap',
      fileOf({ a: f32([1], [0, 4]), b: f32([2], [0, 8]) }, data),
      'PN321 tensor "b" begins at data byte 0 but the one before ends at 4',
    ],
    [
      'a hole',
      fileOf({ w: f32([1], [4, 8]) }, data),
      'PN321 tensor "w" begins at data byte 4 but the one before ends at 0',
    ],
    ['out of range', fileOf({ w: f32([4], [0, 16]) }, data), 'PN323 the file ends after 8 of 16 data bytes'],
    [
      'bytes after the last tensor',
      fileOf({ w: f32([1], [0, 4]) }, data),
      'PN321 4 bytes follow the last tensor, which ends at 4',
    ],
  ];
  it.each(cases)('%s', (_, bytes, message) => {
    expect(errorOf(bytes)).toBe(message);
  });

  it('says where and how to mend it', () => {
    expect(() => decodeSafetensors(new Uint8Array(3), 'weights/a.safetensors')).toThrow(
      expect.objectContaining({
        exitCode: 3,
        where: 'weights/a.safetensors',
        fix: 'Copy it or make it again: it is damaged, or not a safetensors file.',
      }),
    );
  });

  it('gives a DataError or the tensors, and nothing else, for 3,000 files with altered header bytes', () => {
    const rng = new Rng(1, 'test/safetensors-fuzz');
    const whole = encodeSafetensors(two, { a: 'b' });
    const headerEnd = whole.length - 24;
    let errors = 0;
    for (let trial = 0; trial < 3000; trial++) {
      const bytes = Uint8Array.from(whole);
      for (let n = 1 + rng.int(3); n > 0; n--) bytes[rng.int(headerEnd)] = rng.int(256);
      if (
        errorOf(bytes.subarray(0, rng.bernoulli(0.1) ? rng.int(bytes.length) : bytes.length)) !== 'no error'
      )
        errors++;
    }
    expect(errors).toBeGreaterThan(2000);
    expect(errors).toBeLessThan(3000); // some alterations, as of a name, are not damage
  });
});
