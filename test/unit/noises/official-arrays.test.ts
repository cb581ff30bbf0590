import { appendFile, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { DataError, formatError } from '../../../src/core/errors.js';
import { npyHeader, writeNpy } from '../../../src/core/npy.js';
import { Rng } from '../../../src/core/rng.js';
import { fromArrays } from '../../../src/noises/from-arrays.js';
import { madeHere } from '../../../src/noises/made-here.js';
import { sampleImages } from '../../../src/noises/measure.js';
import { findOfficialArrays } from '../../../src/noises/official-arrays.js';
import { OwnThread } from '../../../src/noises/own-thread.js';
import { imagesOf, type Wanted } from '../../support/noisy-images.js';
import { writeOfficialArrays } from '../../support/official-arrays.js';
import { tempFolder } from '../../support/temp-folder.js';

const images = sampleImages(20, 8);
const labels = Uint8Array.from({ length: 20 }, (_, i) => i % 7);
const test = { images, labels };
const clean = { test: 20, height: 8, width: 8 };
const request: Wanted = {
  noises: ['contrast', 'fog'],
  severities: [2, 5],
  indices: Uint32Array.of(1, 2, 5, 11, 19),
  rng: new Rng(1, 'corrupt'),
  signal: new AbortController().signal,
  onProgress: () => undefined,
};

async function folderOf(...noises: string[]): Promise<string> {
  const dir = await tempFolder();
  await writeOfficialArrays(dir, test, noises);
  return dir;
}

async function whatIsSaid(dir: string, work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof DataError)) throw new Error('no DataError', { cause: error });
  return formatError(error).replaceAll(dir, '<dir>');
}

/** Takes the asked images out of a folder. */
async function take(dir: string, asked: Wanted): ReturnType<typeof imagesOf> {
  const arrays = await findOfficialArrays(dir, asked.noises, clean);
  return imagesOf(await fromArrays(arrays, asked.noises, test), asked);
}

describe('fromArrays', () => {
  it.each([[['fog']], [['contrast', 'fog']]])('takes from files what %j would make here', async (noises) => {
    const dir = await folderOf('contrast', 'fog');
    const asked = { ...request, noises };
    const made = madeHere(test, () => new OwnThread());
    expect(await take(dir, asked)).toEqual(await imagesOf(made, asked));
  });

  it('tells how far it is and stops when it is asked to', async () => {
    const dir = await folderOf('fog');
    const done: number[] = [];
    await take(dir, { ...request, noises: ['fog'], onProgress: (n) => done.push(n) });
    expect(done).toEqual([5, 10]);
    const signal = AbortSignal.abort(new Error('stop'));
    await expect(take(dir, { ...request, noises: ['fog'], signal })).rejects.toThrow('stop');
  });

  it('refuses images that are not corrupted, and severities in another order', async () => {
    const dir = await folderOf('contrast');
    const path = join(dir, 'contrast.npy');
    const asked = { ...request, noises: ['contrast'] };
    const bytes = await readFile(path);
    const size = images.data.length;
    const head = bytes.length - 5 * size;
    const blocks = [0, 1, 2, 3, 4].map((s) => bytes.subarray(head + s * size, head + (s + 1) * size));
    await writeFile(path, Buffer.concat([bytes.subarray(0, head), ...blocks.toReversed()]));
    expect(await whatIsSaid(dir, take(dir, asked))).toMatchInlineSnapshot(`
      "PN316 the images of severity 5 are nearer to the clean ones (mean change 9.65 of 255) than those of severity 1 (32.68)
        at <dir>/contrast.npy
        Copy or make it again: noisy versions of all test images in their order, for severity 1, then 2, up to 5."
    `);
    const same = [0, 1, 2, 3, 4].map(() => images.data);
    await writeFile(path, Buffer.concat([bytes.subarray(0, head), ...same]));
    expect(await whatIsSaid(dir, take(dir, asked))).toMatchInlineSnapshot(`
      "PN316 the images of severity 1 are the clean test images
        at <dir>/contrast.npy
        Copy or make it again: noisy versions of all test images in their order, for severity 1, then 2, up to 5."
    `);
  });
});

describe('the labels of the arrays', () => {
  const withLabels = async (rows: Uint8Array): Promise<string> => {
    const dir = await folderOf('fog');
    await writeNpy(join(dir, 'labels.npy'), { shape: [100], data: rows });
    return whatIsSaid(dir, take(dir, { ...request, noises: ['fog'] }));
  };

  it('are compared in every row', async () => {
    const rows = Uint8Array.from({ length: 100 }, (_, row) => labels[row % 20]!);
    rows[63] = 9;
    rows[99] = 9;
    expect(await withLabels(rows)).toMatchInlineSnapshot(`
      "PN315 the labels disagree with the test set in 2 of 100 rows, first in row 63: 9 where test image 3 has 3
        at <dir>/labels.npy
        Take arrays that were made from this data set: all test images in its order, for severity 1, then 2, up to 5."
    `);
  });

  it('are not those of images whose severities stand together', async () => {
    const rows = Uint8Array.from({ length: 100 }, (_, row) => labels[Math.floor(row / 5)]!);
    expect(await withLabels(rows)).toContain('first in row 1: 0 where test image 1 has 1');
  });
});

describe('findOfficialArrays', () => {
  it('names everything that is missing, truncated or of another form', async () => {
    const dir = await folderOf('fog', 'snow', 'frost', 'contrast', 'brightness', 'pixelate');
    const header = (text: string): string => `\x93NUMPY\x01\x00${String.fromCharCode(text.length, 0)}${text}`;
    await truncate(join(dir, 'fog.npy'), 10_000);
    await writeFile(
      join(dir, 'snow.npy'),
      header("{'descr': '|u1', 'fortran_order': True, 'shape': (100, 8, 8, 3), }\n"),
      'latin1',
    );
    await writeFile(
      join(dir, 'frost.npy'),
      header("{'descr': '>f4', 'fortran_order': False, 'shape': (100, 8, 8, 3), }\n"),
      'latin1',
    );
    await writeNpy(join(dir, 'contrast.npy'), {
      shape: [100, 8, 8, 3],
      data: new Float32Array(100 * 8 * 8 * 3),
    });
    await writeFile(join(dir, 'brightness.npy'), npyHeader('|u1', [20, 8, 8, 3]));
    await appendFile(join(dir, 'brightness.npy'), images.data);
    await writeFile(join(dir, 'pixelate.npy'), '<html>');
    await rm(join(dir, 'labels.npy'));
    const noises = ['fog', 'snow', 'frost', 'contrast', 'brightness', 'pixelate', 'zoom_blur'];
    expect(await whatIsSaid(dir, findOfficialArrays(dir, noises, clean))).toMatchInlineSnapshot(`
      "PN314 the arrays of noisy images do not fit 20 test images at 5 severities
        fog.npy: the file ends after 9872 of 19200 data bytes
        snow.npy: a .npy file in Fortran order
        frost.npy: a .npy file of type >f4; known: <f4, <f8, |u1, |i1, <u2, <i4, <u4
        contrast.npy: a .npy file of type <f4 instead of |u1 (uint8)
        brightness.npy: shape (20, 8, 8, 3) instead of (100, 8, 8, 3)
        pixelate.npy: not a .npy file
        zoom_blur.npy: missing
        labels.npy: missing
        at <dir>
        Each must be written by numpy.save from bytes (uint8) in C order, severity by severity. Copy or make these again,
        name the folder that holds them, or leave out the noises that are not there."
    `);
  });
});
