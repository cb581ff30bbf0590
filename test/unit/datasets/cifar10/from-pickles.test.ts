import { describe, expect, it } from 'vitest';

import { DataError, formatError } from '../../../../src/core/errors.js';
import { Rng } from '../../../../src/core/rng.js';
import { recordsOfPickle } from '../../../../src/datasets/cifar10/from-pickles.js';
import { pickledBatch } from '../../../support/python-pickle.js';

const rng = new Rng(1, 'pickle');
const records = Uint8Array.from({ length: 300 * 3073 }, (_, i) =>
  i % 3073 === 0 ? rng.int(10) : rng.int(256),
);
const pickle = pickledBatch(records);

function whatIsSaid(bytes: Uint8Array): string {
  try {
    recordsOfPickle(bytes, 'data_batch_1');
  } catch (error) {
    if (error instanceof DataError) return formatError(error);
    throw error;
  }
  return 'no error';
}

describe('a batch of the version for Python', () => {
  it('becomes records of the binary form', () => {
    expect(Buffer.compare(recordsOfPickle(pickle, 'data_batch_1'), records)).toBe(0);
  });

  it('runs nothing', () => {
    const evil = Buffer.from("cos\nsystem\n(S'touch /tmp/evil'\ntR.", 'latin1');
    expect(whatIsSaid(evil)).toBe(
      'PN370 the pickle names os.system, which is not allowed; nothing was run\n  at data_batch_1, byte 0\n' +
        '  Copy it again from where it came: it is not a batch of cifar-10-python.tar.gz.',
    );
  });

  it('is refused when it breaks off, or holds another array', () => {
    expect(whatIsSaid(pickle.subarray(0, 500_000))).toMatch(
      /^PN371 the pickle cannot be read: it ends after /,
    );
    const floats = Buffer.from(pickle.toString('latin1').replace('U\x02u1', 'U\x02f4'), 'latin1');
    expect(whatIsSaid(floats)).toMatch(/^PN371 the pickle cannot be read: an array is not of bytes/);
    expect(recordsOfPickle(Buffer.from('\x80\x02}.', 'latin1'), 'data_batch_1')).toHaveLength(0);
  });
});
