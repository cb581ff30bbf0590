import { readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { DataError, formatError } from '../../../../src/core/errors.js';
import { digestOfNoise, requireSameNoise } from '../../../../src/datasets/noisy-folder/digest.js';
import { listNoisyFolder } from '../../../../src/datasets/noisy-folder/list.js';
import { readNoisyImages } from '../../../../src/datasets/noisy-folder/read.js';
import { pixelsOf, writeImage, writeNoisyFolder } from '../../../support/image-sets.js';
import { tempFolder } from '../../../support/temp-folder.js';

const size = { height: 8, width: 8 };

async function whatIsSaid(root: string, work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.catch((reason: unknown) => reason);
  if (!(error instanceof DataError)) throw new Error('no DataError', { cause: error });
  return formatError(error)
    .replaceAll(root, '<root>')
    .replaceAll(/\d+ bytes/g, '<n> bytes');
}

it('gives the stored pixels, grey ones as RGB', async () => {
  const root = await tempFolder();
  await writeImage(root, 'fog/1/n01/a.png', size);
  await writeImage(root, 'fog/1/n01/grey.JPEG', { ...size, channels: 1 });
  const bytes = await readNoisyImages(root, ['fog/1/n01/grey.JPEG', 'fog/1/n01/a.png'], size);
  expect(bytes.subarray(192)).toEqual(pixelsOf('fog/1/n01/a.png', 8, 8));
  expect(bytes.subarray(0, 192).every((value, i) => value === bytes[i - (i % 3)])).toBe(true);
});

it('names truncated and unreadable files among 1,000 good ones, or those of another size', async () => {
  const root = await tempFolder();
  await writeImage(root, 'good.JPEG', size);
  const good = await readFile(join(root, 'good.JPEG'));
  const names = Array.from({ length: 1002 }, (_, i) => `test_${i}.JPEG`);
  await Promise.all(names.map((name) => writeFile(join(root, name), good)));
  await truncate(join(root, names[313]!), good.length - 30);
  await writeFile(join(root, names[700]!), '');
  expect(await whatIsSaid(root, readNoisyImages(root, names, size))).toMatchInlineSnapshot(`
    "PN345 2 files cannot be read
      test_313.JPEG: truncated or damaged, <n> bytes
      test_700.JPEG: an empty file
      at <root>
      Copy these files again from where they came, or remove them."
  `);
  await writeImage(root, names[313]!, { height: 8, width: 6 });
  await writeFile(join(root, names[700]!), good);
  expect(await whatIsSaid(root, readNoisyImages(root, names, size))).toMatchInlineSnapshot(`
    "PN319 noisy images of another size than the 8x8 pixels (width x height) of the data set's
      test_313.JPEG: 6x8
      at <root>
      Take noisy images of the size of the clean ones."
  `);
});

it('has a digest of the bytes of one noise, wherever the folder stands', async () => {
  const roots = await Promise.all([tempFolder(), tempFolder()]);
  const [digest, other] = await Promise.all(
    roots.map(async (root) => {
      await writeNoisyFolder(root, ['fog', 'snow'], [1, 2], ['n01'], size);
      return digestOfNoise(root, 'fog', [1, 2], await listNoisyFolder(root, ['fog'], [1, 2], ['n01']));
    }),
  );
  expect(other).toBe(digest);
  const root = roots[0];
  const listing = await listNoisyFolder(root, ['fog'], [1, 2], ['n01']);
  expect(await digestOfNoise(root, 'fog', [1], listing)).not.toBe(digest);
  await writeImage(root, 'snow/1/n01/test_0.JPEG', { ...size, channels: 1 });
  await requireSameNoise(root, 'fog', [1, 2], listing, digest!);
  await writeImage(root, 'fog/2/n01/test_0.JPEG', { ...size, channels: 1 });
  expect(await whatIsSaid(root, requireSameNoise(root, 'fog', [1, 2], listing, digest!))).toContain(
    'PN347 the images have changed since the run was planned\n  at <root>/fog',
  );
});
