import { DataError } from '../../core/errors.js';
import type { LabelledImages } from '../dataset.js';
import { classes, recordBytes } from './pins.js';

const side = 32;
const pixels = side * side;

/**
 * Reads records of the official binary form into arrays, from row `first` on.
 * @param bytes n records of 3073 bytes: label, red plane, green plane, blue plane
 * @param into arrays with room for rows first … first + n - 1
 * @throws {DataError} PN335 when this is not a whole number of records, or a label is above 9
 */
export function decodeRecords(bytes: Uint8Array, into: LabelledImages, first: number, path: string): void {
  if (bytes.length % recordBytes !== 0)
    wrongRecords(`${bytes.length} bytes are not a whole number of records of ${recordBytes} bytes`, path);
  const images = into.images.data;
  for (let record = 0; record < bytes.length / recordBytes; record++) {
    const start = record * recordBytes;
    const label = bytes[start]!;
    if (label >= classes.length) wrongRecords(`record ${record} has label ${label}`, path);
    into.labels[first + record] = label;
    const row = (first + record) * pixels * 3;
    for (let channel = 0; channel < 3; channel++) {
      const plane = start + 1 + channel * pixels;
      for (let p = 0; p < pixels; p++) images[row + p * 3 + channel] = bytes[plane + p]!;
    }
  }
}

/**
 * Makes records of the official binary form.
 * @param images n images of 32x32 RGB bytes, [n, 32, 32, 3]
 * @param labels n classes
 */
export function encodeRecords(images: Uint8Array, labels: ArrayLike<number>): Uint8Array {
  const out = new Uint8Array(labels.length * recordBytes);
  for (let record = 0; record < labels.length; record++) {
    const start = record * recordBytes;
    out[start] = labels[record]!;
    for (let channel = 0; channel < 3; channel++) {
      const plane = start + 1 + channel * pixels;
      for (let p = 0; p < pixels; p++) out[plane + p] = images[(record * pixels + p) * 3 + channel]!;
    }
  }
  return out;
}

/** Empty arrays for n images. */
export function emptyImages(n: number): LabelledImages {
  return {
    images: { shape: [n, side, side, 3], data: new Uint8Array(n * pixels * 3) },
    labels: new Uint8Array(n),
  };
}

function wrongRecords(message: string, path: string): never {
  throw new DataError(message, {
    code: 'PN335',
    where: path,
    fix: 'Copy or make it again: it is not in the binary form of CIFAR-10.',
  });
}
