import type { PickleGlobal } from '../../core/pickle/machine.js';
import { unpickle } from '../../core/pickle/unpickle.js';
import { recordBytes } from './pins.js';

/** An array of bytes as NumPy under Python 2 pickled it: made empty, then given shape, type and bytes. */
class PickledArray {
  shape: readonly unknown[] = [];
  data: Uint8Array = new Uint8Array();
}

const array: PickleGlobal = {
  call: () => new PickledArray(),
  setState: (made, state) => {
    if (!(made instanceof PickledArray) || !Array.isArray(state))
      throw new RangeError('an array is given a state that is none');
    const [, shape, type, isFortran, data] = state as unknown[];
    if (!Array.isArray(shape) || type !== bytesType || isFortran !== false || typeof data !== 'string')
      throw new RangeError('an array is not of bytes in C order');
    made.shape = shape as unknown[];
    made.data = Buffer.from(data, 'latin1');
  },
};

const bytesType = {};
const dtype: PickleGlobal = {
  call: ([name]) => {
    if (name !== 'u1') throw new RangeError('an array is not of bytes');
    return bytesType;
  },
  setState: () => undefined, // byte order and alignment, which bytes do not have
};

/** All that the published files name. */
const globals: Readonly<Record<string, PickleGlobal>> = {
  'numpy.core.multiarray._reconstruct': array,
  'numpy.ndarray': {},
  'numpy.dtype': dtype,
};

/**
 * The records of the binary form from a batch of the version for Python: a dict with `labels`, a list, and `data`, an
 * array of bytes [n, 3072] whose rows are the planes of red, green and blue, as in a record. Nothing of the pickle is run.
 * @param path for the messages
 * @throws {DataError} PN370 or PN371 when it is not such a pickle
 */
export function recordsOfPickle(pickle: Uint8Array, path: string): Uint8Array {
  const fix = 'Copy it again from where it came: it is not a batch of cifar-10-python.tar.gz.';
  const batch = unpickle(pickle, { path, fix, globals });
  const [labels, images] = batch instanceof Map ? [batch.get('labels'), batch.get('data')] : [];
  const rowBytes = recordBytes - 1;
  if (!Array.isArray(labels) || !(images instanceof PickledArray)) return new Uint8Array();
  const records = new Uint8Array(labels.length * recordBytes);
  labels.forEach((label, i) => {
    records[i * recordBytes] = Number(label);
    records.set(images.data.subarray(i * rowBytes, (i + 1) * rowBytes), i * recordBytes + 1);
  });
  return records;
}
