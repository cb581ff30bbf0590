import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import {
  encodeNpy,
  npyHeader,
  parseNpyHeader,
  readNpy,
  readNpyRows,
  writeNpy,
  type NdArray,
} from '../../../src/core/npy.js';
import { tempFolder } from '../../support/temp-folder.js';

/** A header with any dictionary text, format 1.0 or 2.0. */
function headerOf(text: string, major = 1): Buffer {
  const length = Buffer.alloc(major === 1 ? 2 : 4);
  if (major === 1) length.writeUInt16LE(text.length);
  else length.writeUInt32LE(text.length);
  return Buffer.concat([
    Buffer.from(`\x93NUMPY${String.fromCharCode(major)}\0`, 'latin1'),
    length,
    Buffer.from(text),
  ]);
}

const arrays: [name: string, array: NdArray][] = [
  ['float32', { shape: [2, 2], data: Float32Array.of(1, -0.5, NaN, Infinity) }],
  ['float64', { shape: [3], data: Float64Array.of(Math.PI, 5e-324, -1e300) }],
  ['uint8', { shape: [2, 1, 3], data: Uint8Array.of(0, 1, 127, 128, 254, 255) }],
  ['int8', { shape: [2], data: Int8Array.of(-128, 127) }],
  ['uint16', { shape: [2], data: Uint16Array.of(0, 65535) }],
  ['int32', { shape: [2], data: Int32Array.of(-2147483648, 2147483647) }],
  ['uint32', { shape: [2], data: Uint32Array.of(0, 4294967295) }],
  ['a scalar', { shape: [], data: Float32Array.of(7) }],
  ['no rows', { shape: [0, 32, 32, 3], data: new Uint8Array(0) }],
];

describe('round trip', () => {
  it.each(arrays)('%s', async (_, array) => {
    const path = join(await tempFolder(), 'a.npy');
    await writeNpy(path, array);
    expect(await readNpy(path)).toEqual(array);
  });

  it('keeps an array that begins in the middle of its buffer', async () => {
    const path = join(await tempFolder(), 'a.npy');
    const data = Float32Array.of(9, 9, 1, 2, 9).subarray(2, 4);
    await writeNpy(path, { shape: [2], data });
    expect([...(await readNpy(path)).data]).toEqual([1, 2]);
  });

  it('refuses a shape that does not hold the data', async () => {
    const path = join(await tempFolder(), 'a.npy');
    await expect(writeNpy(path, { shape: [2, 3], data: new Uint8Array(5) })).rejects.toThrow(
      new RangeError('shape [2, 3] does not hold 5 numbers'),
    );
  });
});

describe('the bytes', () => {
  it('are those of numpy.save', async () => {
    const path = join(await tempFolder(), 'a.npy');
    await writeNpy(path, { shape: [3], data: Uint8Array.of(1, 2, 3) });
    const dictionary = "{'descr': '|u1', 'fortran_order': False, 'shape': (3,), }";
    expect((await readFile(path)).toString('latin1')).toBe(
      `\x93NUMPY\x01\x00\x76\x00${dictionary.padEnd(117)}\n\x01\x02\x03`,
    );
  });

  it('have their data at a multiple of 64 for every length of header', () => {
    for (let digits = 1; digits < 60; digits++) {
      const header = npyHeader('<f4', [Number('1'.repeat(Math.min(digits, 15))), digits, digits * 1000]);
      expect(header.length % 64).toBe(0);
      expect(parseNpyHeader(header, 'a').offset).toBe(header.length);
    }
  });
});

describe('readNpyRows', () => {
  it('reads some rows and nothing else', async () => {
    const path = join(await tempFolder(), 'a.npy');
    await writeNpy(path, { shape: [4, 2, 1], data: Int32Array.of(0, 1, 10, 11, 20, 21, 30, 31) });
    expect(await readNpyRows(path, 1, 3)).toEqual({ shape: [2, 2, 1], data: Int32Array.of(10, 11, 20, 21) });
    expect(await readNpyRows(path, 2, 2)).toEqual({ shape: [0, 2, 1], data: new Int32Array(0) });
  });

  it('refuses rows that are not there', async () => {
    const path = join(await tempFolder(), 'a.npy');
    await writeNpy(path, { shape: [2, 1], data: Uint8Array.of(1, 2) });
    await expect(readNpyRows(path, 1, 3)).rejects.toThrow(
      new RangeError(`${path} has no rows [1, 3): its shape is [2, 1]`),
    );
  });

  it('reads a header of NumPy 1.x, which is padded to 16 bytes', async () => {
    const path = join(await tempFolder(), 'a.npy');
    const header = headerOf("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }".padEnd(69) + '\n');
    await writeFile(path, Buffer.concat([header, new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer)]));
    expect(await readNpyRows(path, 1, 2)).toEqual({ shape: [1, 2], data: Float32Array.of(3, 4) });
    expect((await readNpy(path)).data).toEqual(Float32Array.of(1, 2, 3, 4));
  });

  it('reads format 2.0', async () => {
    const path = join(await tempFolder(), 'a.npy');
    const header = headerOf("{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }\n", 2);
    await writeFile(path, Buffer.concat([header, Uint8Array.of(8, 9)]));
    expect(await readNpy(path)).toEqual({ shape: [2], data: Uint8Array.of(8, 9) });
  });
});

describe('bad files', () => {
  const fix = 'Write it with numpy.save, in C order, little endian.';
  const cases: [name: string, bytes: Uint8Array, code: string, message: string][] = [
    ['no bytes', new Uint8Array(0), 'PN310', 'not a .npy file'],
    ['a PNG', Buffer.from('\x89PNG\r\n\x1a\n and more', 'latin1'), 'PN310', 'not a .npy file'],
    [
      'a shape of other things than numbers',
      headerOf("{'descr': '<f4', 'fortran_order': False, 'shape': (2, x), }"),
      'PN310',
      'a .npy header with shape (2, x)',
    ],
    ['no shape', headerOf("{'descr': '<f4'}"), 'PN310', 'a .npy header without descr and shape'],
    [
      'Fortran order',
      headerOf("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 2), }"),
      'PN311',
      'a .npy file in Fortran order',
    ],
    [
      'big endian',
      headerOf("{'descr': '>f4', 'fortran_order': False, 'shape': (2,), }"),
      'PN312',
      'a .npy file of type >f4; known: <f4, <f8, |u1, |i1, <u2, <i4, <u4',
    ],
    [
      'Python objects',
      headerOf("{'descr': '|O', 'fortran_order': False, 'shape': (2,), }"),
      'PN312',
      'a .npy file of type |O; known: <f4, <f8, |u1, |i1, <u2, <i4, <u4',
    ],
  ];
  it.each(cases)('%s', async (_, bytes, code, message) => {
    const path = join(await tempFolder(), 'a.npy');
    await writeFile(path, bytes);
    const details = { exitCode: 3, code, message, where: path, fix };
    await expect(readNpy(path)).rejects.toMatchObject(details);
    await expect(readNpyRows(path, 0, 1)).rejects.toMatchObject(details);
  });

  it('truncated data', async () => {
    const path = join(await tempFolder(), 'a.npy');
    const whole = encodeNpy({ shape: [4], data: Float32Array.of(1, 2, 3, 4) });
    await writeFile(path, whole.subarray(0, whole.length - 6));
    await expect(readNpy(path)).rejects.toMatchObject({
      code: 'PN313',
      message: 'the file ends after 10 of 16 data bytes',
      where: path,
      fix: 'Copy or make it again: it is truncated.',
    });
    await expect(readNpyRows(path, 2, 4)).rejects.toMatchObject({
      code: 'PN313',
      message: 'the file ends after 2 of 8 data bytes',
    });
  });
});
