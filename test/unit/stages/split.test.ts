import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { DataError, formatError } from '../../../src/core/errors.js';
import { split } from '../../../src/stages/split.js';
import { jsonOf, numbersOf, writeArrays } from '../../support/artifacts.js';
import { runStage } from '../../support/stage-run.js';
import { tempFolder } from '../../support/temp-folder.js';

/** 20 images of class 0 at two severities; the network is wrong where `wrong` says so. */
async function run(wrong: (n: number) => boolean, params: { failures: number; groupBy?: 'none' | 'image' }) {
  const folder = await tempFolder();
  const samples = 40;
  const [corrupt, observe] = ['corrupt', 'observe'].map((name) => join(folder, name));
  for (const each of [corrupt!, observe!]) await mkdir(each);
  await writeArrays(corrupt!, {
    'label.npy': { shape: [samples], data: new Uint8Array(samples) },
    'base-image.npy': { shape: [samples], data: Uint32Array.from({ length: samples }, (_, n) => n % 20) },
  });
  await writeFile(join(corrupt!, 'corrupt.json'), JSON.stringify({ noises: ['fog'], images: 20 }));
  const logits = Float32Array.from({ length: samples * 2 }, (_, k) =>
    (k % 2 === 1) === wrong(Math.floor(k / 2)) ? 1 : 0,
  );
  await writeArrays(observe!, { 'logits.npy': { shape: [samples, 2], data: logits } });
  return runStage(split, join(folder, 'split'), {
    params: { unlabeled: 0.5, groupBy: 'none', ...params },
    inputs: { corrupt: { folder: corrupt! }, observe: { folder: observe! } },
  });
}

describe('split', () => {
  it('writes the four lists and their counts', async () => {
    const done = await run((n) => n % 2 === 0, { failures: 3 });
    const lists = await Promise.all(
      ['unlabeled.npy', 'failures.npy', 'held-out.npy', 'rightly-classified.npy'].map((file) =>
        numbersOf<Uint32Array>(done, file),
      ),
    );
    const [unlabeled, failures, heldOut, right] = lists as [
      Uint32Array,
      Uint32Array,
      Uint32Array,
      Uint32Array,
    ];
    expect([unlabeled.length, failures.length]).toEqual([20, 3]);
    expect(new Set(lists.flatMap((list) => [...list])).size).toBe(40);
    expect([...failures, ...heldOut].every((n) => n % 2 === 0)).toBe(true);
    expect(right.every((n) => n % 2 === 1)).toBe(true);
    expect(await jsonOf(done, 'split.json')).toMatchObject({
      samples: 40,
      unlabeled: 20,
      failures: 3,
      heldOut: heldOut.length,
      rightlyClassified: right.length,
      samplesInTwoParts: 0,
    });
  });

  const refused = async (...given: Parameters<typeof run>): Promise<string> => {
    const error: unknown = await run(...given).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(DataError);
    return formatError(error);
  };

  it('ends with the number of failures where there are too few', async () => {
    expect(await refused(() => true, { failures: 25 })).toBe(
      'PN340 20 labelled failures are there, too few for 25 in D_e and some more in D_s\n' +
        '  Set split.failures to at most 19, or take more images or stronger severities.',
    );
  });

  it('ends where D_e would take all, since D_s would be empty', async () => {
    expect(await refused(() => true, { failures: 20 })).toBe(
      'PN340 20 labelled failures are there, too few for 20 in D_e and some more in D_s\n' +
        '  Set split.failures to at most 19, or take more images or stronger severities.',
    );
    await run(() => true, { failures: 19 });
  });

  it('ends where the network never fails', async () => {
    expect(await refused(() => false, { failures: 5 })).toBe(
      'PN340 0 labelled failures are there, too few for 5 in D_e and some more in D_s\n' +
        '  Take more images or stronger severities: the network hardly fails on these.',
    );
  });

  it('counts images where they are kept together', async () => {
    expect(await refused(() => true, { failures: 11, groupBy: 'image' })).toBe(
      'PN340 10 labelled failures are there, too few for 11 in D_e and some more in D_s\n' +
        '  Set split.failures to at most 9, or take more images or stronger severities.',
    );
    await run(() => true, { failures: 9, groupBy: 'image' });
  });
});
