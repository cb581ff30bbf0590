import { describe, expect, it } from 'vitest';

import { decodeRecords, emptyImages, encodeRecords } from '../../../../src/datasets/cifar10/records.js';

/** Two records in the official form: label, 1024 red, 1024 green, 1024 blue. */
function twoRecords(): Uint8Array {
  const bytes = new Uint8Array(2 * 3073);
  bytes[0] = 6;
  bytes.fill(10, 1, 1025);
  bytes.fill(20, 1025, 2049);
  bytes.fill(30, 2049, 3073);
  bytes[1 + 32 * 2 + 5] = 11; // red of row 2, column 5
  bytes[3073] = 9;
  bytes[3073 + 1 + 2 * 1024 + 1023] = 255; // blue of the last pixel
  return bytes;
}

describe('decodeRecords', () => {
  it('turns planes into pixels', () => {
    const into = emptyImages(2);
    decodeRecords(twoRecords(), into, 0, 'test_batch.bin');
    expect(into.images.shape).toEqual([2, 32, 32, 3]);
    expect([...into.labels]).toEqual([6, 9]);
    const { data } = into.images;
    expect([...data.subarray(0, 3)]).toEqual([10, 20, 30]);
    expect([...data.subarray((2 * 32 + 5) * 3, (2 * 32 + 6) * 3)]).toEqual([11, 20, 30]);
    expect([...data.subarray(-3)]).toEqual([0, 0, 255]);
  });

  it('starts at the given row', () => {
    const into = emptyImages(4);
    decodeRecords(twoRecords(), into, 2, 'data_batch_2.bin');
    expect([...into.labels]).toEqual([0, 0, 6, 9]);
    expect(into.images.data.subarray(0, 2 * 3072).every((value) => value === 0)).toBe(true);
    expect(into.images.data[2 * 3072]).toBe(10);
  });

  it('is undone by encodeRecords', () => {
    const into = emptyImages(2);
    decodeRecords(twoRecords(), into, 0, 'a');
    expect(encodeRecords(into.images.data, into.labels)).toEqual(twoRecords());
  });

  const fix = 'Copy or make it again: it is not in the binary form of CIFAR-10.';
  it('refuses part of a record', () => {
    expect(() => decodeRecords(twoRecords().subarray(1), emptyImages(2), 0, 'x/test_batch.bin')).toThrow(
      expect.objectContaining({
        exitCode: 3,
        code: 'PN335',
        message: '6145 bytes are not a whole number of records of 3073 bytes',
        where: 'x/test_batch.bin',
        fix,
      }),
    );
  });

  it('refuses an eleventh class', () => {
    const bytes = twoRecords();
    bytes[3073] = 10;
    expect(() => decodeRecords(bytes, emptyImages(2), 0, 'x/test_batch.bin')).toThrow(
      expect.objectContaining({ code: 'PN335', message: 'record 1 has label 10', fix }),
    );
  });
});
