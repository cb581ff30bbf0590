import { appendFile, cp, mkdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { DataError, formatError } from '../../../../src/core/errors.js';
import { imageFolder } from '../../../../src/datasets/image-folder/dataset.js';
import { pixelsOf, writeImage, writeImageFolder } from '../../../support/image-sets.js';
import { tempFolder } from '../../../support/temp-folder.js';

async function whatIsSaid(root: string, work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof DataError)) throw new Error('no DataError', { cause: error });
  return formatError(error)
    .replaceAll(root, '<root>')
    .replaceAll(/\d+ bytes/g, '<n> bytes');
}

describe('image-folder', () => {
  it('gives the stored pixels, with grey as RGB and transparency dropped', async () => {
    const root = await writeImageFolder(await tempFolder());
    const { train, test, classes } = await imageFolder.read(root, { root });
    expect(classes).toEqual(['leaf', 'stone']);
    const image = (images: typeof train.images, i: number) => images.data.subarray(i * 144, (i + 1) * 144);
    expect(image(train.images, 0)).toEqual(pixelsOf('train/leaf/0.png', 6, 8));
    const clear = pixelsOf('train/leaf/clear.png', 6, 8, 4);
    expect(image(train.images, 3)).toEqual(clear.filter((_, i) => i % 4 < 3));
    const grey = image(train.images, 4);
    expect(grey.every((value, i) => value === grey[i - (i % 3)])).toBe(true);
    expect(image(test.images, 3)).toEqual(pixelsOf('test/stone/1.png', 6, 8));
  });

  it('has a digest of names and bytes, wherever it stands', async () => {
    const root = await writeImageFolder(await tempFolder());
    const digest = await imageFolder.digest({ root });
    const moved = join(await tempFolder(), 'moved');
    await cp(root, moved, { recursive: true });
    expect(await imageFolder.digest({ root: moved })).toBe(digest);
    await writeFile(join(moved, 'train/leaf/notes.txt'), 'another text');
    expect(await imageFolder.digest({ root: moved })).toBe(digest);
    await cp(join(moved, 'test/leaf/0.png'), join(moved, 'test/leaf/7.png'));
    const more = await imageFolder.digest({ root: moved });
    await rm(join(moved, 'test/leaf/7.png'));
    await appendFile(join(moved, 'test/leaf/0.png'), ' ');
    expect(new Set([digest, more, await imageFolder.digest({ root: moved })]).size).toBe(3);
  });

  it('does not read other images than those that were planned', async () => {
    const root = await writeImageFolder(await tempFolder());
    const digest = await imageFolder.digest({ root });
    await writeImage(root, 'test/leaf/0.png', { channels: 1 });
    expect(await whatIsSaid(root, imageFolder.read(root, { root }, digest))).toBe(
      `PN347 the images have changed since the run was planned
  at <root>
  Leave the folder alone while a run reads it, and start the run again.`,
    );
  });

  it('names truncated, unreadable and wrong files among good ones, all at once', async () => {
    const root = await writeImageFolder(await tempFolder());
    const png = join(root, 'train/leaf/0.png');
    await truncate(png, (await readFile(png)).length - 60);
    await writeImage(root, 'train/stone/5.jpg');
    const jpeg = join(root, 'train/stone/5.jpg');
    await truncate(jpeg, (await readFile(jpeg)).length - 40);
    await writeFile(join(root, 'test/leaf/0.png'), '');
    await writeFile(join(root, 'test/leaf/1.png'), '<html>404</html>');
    await rm(join(root, 'test/stone/0.png'));
    await mkdir(join(root, 'test/stone/0.png'));
    expect(await whatIsSaid(root, imageFolder.read(root, { root }))).toMatchInlineSnapshot(`
      "PN345 5 files cannot be read
        test/leaf/0.png: an empty file
        test/leaf/1.png: not a PNG or JPEG image
        test/stone/0.png: a folder, not a file
        train/leaf/0.png: truncated or damaged, <n> bytes
        train/stone/5.jpg: truncated or damaged, <n> bytes
        at <root>
        Copy these files again from where they came, or remove them."
    `);
    expect(await whatIsSaid(root, imageFolder.digest({ root }))).toMatchInlineSnapshot(`
      "PN345 1 file cannot be read
        test/stone/0.png: a folder, not a file
        at <root>
        Copy these files again from where they came, or remove them."
    `);
  });

  it('names images of another size, with both sizes', async () => {
    const root = await writeImageFolder(await tempFolder());
    await writeImage(root, 'train/leaf/0.png', { height: 8, width: 6 });
    await writeImage(root, 'test/stone/1.png', { height: 16, width: 16 });
    expect(await whatIsSaid(root, imageFolder.read(root, { root }))).toMatchInlineSnapshot(`
      "PN346 its images have 3 different sizes (width x height)
        train/leaf/0.png: 6x8
        test/stone/1.png: 16x16
        test/leaf/0.png: 8x6, as 9 more
        at <root>
        Bring all images of both halves to one size."
    `);
  });

  it('names all of at most 20 problems', async () => {
    const root = await writeImageFolder(await tempFolder());
    for (let i = 10; i < 34; i++) await writeFile(join(root, `train/leaf/${i}.png`), '');
    const text = await whatIsSaid(root, imageFolder.read(root, { root }));
    expect(text.split('\n')[0]).toBe('PN345 24 files cannot be read');
    expect(text.split('\n').slice(-4, -2)).toEqual(['  train/leaf/29.png: an empty file', '  and 4 more']);
  });

  it('names empty classes and classes of one half only', async () => {
    const root = await writeImageFolder(await tempFolder());
    await mkdir(join(root, 'train/moss'));
    await mkdir(join(root, 'test/moss'));
    await writeImage(root, 'test/fern/0.png');
    await rm(join(root, 'test/stone'), { recursive: true });
    expect(await whatIsSaid(root, imageFolder.shape({ root }))).toMatchInlineSnapshot(`
      "PN348 this is not a folder of images in classes
        train/stone: this class is not in test
        test/fern: this class is not in train
        train/moss: no image in this folder (.png, .jpg, .jpeg)
        test/moss: no image in this folder (.png, .jpg, .jpeg)
        at <root>
        It must hold train/CLASS/*.png and test/CLASS/*.png (or .jpg, .jpeg) with the same classes, none empty."
    `);
  });

  it('names halves that are not there', async () => {
    const root = await tempFolder();
    await mkdir(join(root, 'train'));
    expect(await whatIsSaid(root, imageFolder.digest({ root }))).toMatchInlineSnapshot(`
      "PN348 this is not a folder of images in classes
        train: no folders of classes
        test: no such folder
        at <root>
        It must hold train/CLASS/*.png and test/CLASS/*.png (or .jpg, .jpeg) with the same classes, none empty."
    `);
    expect(await whatIsSaid(root, imageFolder.shape({ root: join(root, 'gone') }))).toMatchInlineSnapshot(`
      "PN344 there is no such folder
        at <root>/gone
        Name the folder that holds train/CLASS/*.png and test/CLASS/*.png (or .jpg, .jpeg)."
    `);
  });
});
