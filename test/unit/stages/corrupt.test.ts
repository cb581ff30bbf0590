import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { corrupt } from '../../../src/stages/corrupt.js';
import { split } from '../../../src/stages/split.js';
import { jsonOf, numbersOf, writeArrays } from '../../support/artifacts.js';
import { runStage, type Produced } from '../../support/stage-run.js';
import { tempFolder } from '../../support/temp-folder.js';

/** 40 test images of one grey each, so that a clean row is known by its bytes. */
const images = 40;
const size = 8 * 8 * 3;
const versions = [1, 1];

async function run(folder: string, name: string, params: Record<string, unknown>): Promise<Produced> {
  await mkdir(join(folder, 'dataset'), { recursive: true });
  await writeArrays(join(folder, 'dataset'), {
    'test-images.npy': {
      shape: [images, 8, 8, 3],
      data: Uint8Array.from({ length: images * size }, (_, i) => 40 + Math.floor(i / size)),
    },
    'test-labels.npy': { shape: [images], data: Uint8Array.from({ length: images }, (_, n) => n % 10) },
  });
  return runStage(corrupt, join(folder, name), {
    params: { noises: ['contrast'], versions, severities: [1, 3, 5], images: 30, ...params },
    inputs: { dataset: { folder: join(folder, 'dataset') } },
    stream: 'corrupt',
  });
}

const seen = { noises: ['gaussian_noise'], severities: [2, 4], clean: 0.5 };

describe('corrupt with another D_u', () => {
  it('leaves the images that are tested as they are without one, and puts those for D_u behind them', async () => {
    const folder = await tempFolder();
    const plain = await run(folder, 'plain', {});
    const shifted = await run(folder, 'shifted', { seen });
    for (const file of ['images.npy', 'label.npy', 'base-image.npy', 'severity.npy', 'noise.npy']) {
      const [before, after] = [await numbersOf(plain, file), await numbersOf(shifted, file)];
      expect(after.subarray(0, before.length), file).toEqual(before);
    }
    expect(await jsonOf(plain, 'corrupt.json')).toEqual({ noises: ['contrast'], images: 30 });
    expect(await jsonOf(shifted, 'corrupt.json')).toEqual({ noises: ['contrast'], images: 30, seenFrom: 90 });
    expect((await numbersOf(shifted, 'label.npy')).length).toBe(150);
  });

  it('makes the share of clean images clean and the others noisy, each known by its severity', async () => {
    const folder = await tempFolder();
    const shifted = await run(folder, 'clean', { seen });
    const severity = (await numbersOf<Uint8Array>(shifted, 'severity.npy')).subarray(90);
    const baseImage = (await numbersOf<Uint32Array>(shifted, 'base-image.npy')).subarray(90);
    const label = (await numbersOf<Uint8Array>(shifted, 'label.npy')).subarray(90);
    const bytes = (await numbersOf<Uint8Array>(shifted, 'images.npy')).subarray(90 * size);
    expect(severity.filter((each) => each === 0).length).toBe(30);
    expect([...new Set(severity)].sort()).toEqual([0, 2, 4]);
    severity.forEach((each, row) => {
      const own = bytes.subarray(row * size, (row + 1) * size);
      const isGrey = own.every((value) => value === 40 + baseImage[row]!);
      expect(isGrey, `row ${row} of severity ${each}`).toBe(each === 0);
      expect(label[row]).toBe(baseImage[row]! % 10);
    });
  });

  it('makes no image with a noise of D_u that is tested, nor the other way', async () => {
    const folder = await tempFolder();
    const shifted = await run(folder, 'noises', { seen: { ...seen, clean: 0 } });
    const bytes = await numbersOf<Uint8Array>(shifted, 'images.npy');
    // Contrast leaves an even image even; Gaussian noise does not.
    const isEven = (row: number): boolean =>
      bytes.subarray(row * size, (row + 1) * size).every((value, i, all) => value === all[i % 3]);
    const rows = Array.from({ length: 150 }, (_, row) => row);
    expect(rows.filter(isEven)).toEqual(rows.slice(0, 90));
  });
});

describe('split with another D_u', () => {
  it('takes D_u from the images made for it and all else from the others, of other clean images', async () => {
    const folder = await tempFolder();
    const shifted = await run(folder, 'to-split', { seen });
    const wrong = join(folder, 'observe');
    await mkdir(wrong);
    await writeArrays(wrong, {
      // The label is never 11: every image is a failure.
      'logits.npy': {
        shape: [150, 12],
        data: Float32Array.from({ length: 150 * 12 }, (_, i) => (i % 12 === 11 ? 1 : 0)),
      },
    });
    const divided = await runStage(split, join(folder, 'split'), {
      params: { unlabeled: 0.5, failures: 3, groupBy: 'image', samples: 20 },
      inputs: { corrupt: shifted, observe: { folder: wrong } },
    });
    const list = (file: string) => numbersOf<Uint32Array>(divided, file);
    const [unlabeled, failures, heldOut] = [
      await list('unlabeled.npy'),
      await list('failures.npy'),
      await list('held-out.npy'),
    ];
    expect([unlabeled.length, failures.length, heldOut.length]).toEqual([20, 3, 36]);
    expect(unlabeled.every((row) => row >= 90)).toBe(true);
    expect([...failures, ...heldOut].every((row) => row < 90)).toBe(true);
    const baseImage = await numbersOf<Uint32Array>(shifted, 'base-image.npy');
    const own = new Set([...unlabeled].map((row) => baseImage[row]!));
    expect([...failures, ...heldOut].some((row) => own.has(baseImage[row]!))).toBe(false);
  });
});
