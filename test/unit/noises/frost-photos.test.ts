import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import sharp from 'sharp';
import { describe, expect, it } from 'vitest';

import { DataError, formatError } from '../../../src/core/errors.js';
import { Rng } from '../../../src/core/rng.js';
import { corruptImages } from '../../../src/noises/corrupt.js';
import { digestOfPhotos, readPhotos, requireSamePhotos } from '../../../src/noises/frost-photos.js';
import { openNoise } from '../../../src/noises/index.js';
import { tempFolder } from '../../support/temp-folder.js';

async function photo(path: string, width: number, height: number, background: string): Promise<void> {
  await sharp({ create: { width, height, channels: 4, background } }).toFile(path);
}

async function errorOf(promise: Promise<unknown>, folder: string): Promise<string> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof DataError) return formatError(error).replaceAll(folder, '<folder>');
    throw error;
  }
  return 'no error';
}

describe('a folder of photos', () => {
  it('is read in the order of names, PNG and JPEG, without alpha, other files left out', async () => {
    const folder = await tempFolder();
    await photo(join(folder, 'b.png'), 3, 2, '#102030');
    await photo(join(folder, 'a.JPG'), 5, 4, '#808080');
    await writeFile(join(folder, 'notes.txt'), 'not a photo');
    const photos = await readPhotos(folder);
    expect(photos.map(({ size }) => size)).toEqual([
      { height: 4, width: 5 },
      { height: 2, width: 3 },
    ]);
    expect([...photos[1]!.rgb]).toEqual(Array(6).fill([16, 32, 48]).flat());
  });

  it('is used instead of the made textures', async () => {
    const folder = await tempFolder();
    await photo(join(folder, 'frost.png'), 300, 300, '#ffffff');
    const noise = await openNoise('frost', { textures: folder });
    const images = { shape: [1, 32, 32, 3], data: new Uint8Array(3072).fill(100) };
    const out = corruptImages({ noise, severity: 1, images, indices: [0], rng: new Rng(0, 'frost') });
    expect(new Set(out)).toEqual(new Set([151])); // 100 + 0.2 * 255
  });

  it('is named by the bytes of its photos in their order, wherever it stands, and looked at again', async () => {
    const folders = await Promise.all([tempFolder(), tempFolder()]);
    for (const folder of folders) {
      await photo(join(folder, 'a.png'), 300, 300, '#ffffff');
      await photo(join(folder, 'b.png'), 300, 300, '#eeeeff');
    }
    const [folder, other] = folders;
    const size = { height: 32, width: 32 };
    const digest = await digestOfPhotos(folder, size);
    await writeFile(join(other, 'notes.txt'), 'not a photo');
    expect(await digestOfPhotos(other, size)).toBe(digest);
    await requireSamePhotos(other, size, digest);
    await rename(join(other, 'a.png'), join(other, 'c.png'));
    expect(await errorOf(requireSamePhotos(other, size, digest), other)).toBe(
      'PN364 the photos of frost have changed since the run was planned\n  at <folder>\n' +
        '  Leave the folder alone while a run reads it, and start the run again.',
    );
    expect(await errorOf(digestOfPhotos(folder, { height: 64, width: 64 }), folder)).toBe('no error');
    await photo(join(folder, 'small.png'), 100, 300, '#ffffff');
    expect(await errorOf(digestOfPhotos(folder, size), folder)).toBe(
      'PN362 a frost texture of 100x300 pixels, 20x60 after scaling by 0.2, is too small for images of 32x32\n' +
        '  at <folder>/small.png\n  Use photos of more than 165x165 pixels.',
    );
    await writeFile(join(folder, 'aa.png'), '');
    expect(await errorOf(digestOfPhotos(folder, size), folder)).toMatch(
      /^PN361 .*\n {2}at <folder>\/aa.png\n/,
    );
  });

  it('with greyscale photos gives grey frost', async () => {
    const folder = await tempFolder();
    const grey = sharp({
      create: { width: 200, height: 200, channels: 3, background: '#404040' },
    }).greyscale();
    await grey.png().toFile(join(folder, 'grey.png'));
    const [texture] = await readPhotos(folder);
    expect(new Set(texture!.rgb)).toEqual(new Set([64]));
    expect(texture!.rgb).toHaveLength(200 * 200 * 3);
  });
});

describe('wrong folders', () => {
  it('that is not there', async () => {
    const folder = join(await tempFolder(), 'none');
    expect(await errorOf(openNoise('frost', { textures: folder }), folder)).toBe(
      'PN360 the folder of frost textures cannot be read\n  at <folder>\n  Give a folder with one or more PNG or JPEG photos of frost, each some hundred pixels wide.',
    );
  });

  it('without photos', async () => {
    const folder = await tempFolder();
    expect(await errorOf(openNoise('frost', { textures: folder }), folder)).toBe(
      'PN360 no PNG or JPEG file among the frost textures\n  at <folder>\n  Give a folder with one or more PNG or JPEG photos of frost, each some hundred pixels wide.',
    );
  });

  it('with a photo that is none', async () => {
    const folder = await tempFolder();
    await writeFile(join(folder, 'a.png'), 'text');
    expect(await errorOf(openNoise('frost', { textures: folder }), folder)).toBe(
      'PN361 a frost texture cannot be read\n  at <folder>/a.png\n  Give a folder with one or more PNG or JPEG photos of frost, each some hundred pixels wide.',
    );
  });

  it('with a photo that is too small', async () => {
    const folder = await tempFolder();
    await photo(join(folder, 'a.png'), 300, 160, '#ffffff');
    const noise = await openNoise('frost', { textures: folder });
    const images = { shape: [1, 32, 32, 3], data: new Uint8Array(3072) };
    const corrupt = async (): Promise<Uint8Array> =>
      Promise.resolve(corruptImages({ noise, severity: 1, images, indices: [0], rng: new Rng(0, 'frost') }));
    expect(await errorOf(corrupt(), folder)).toBe(
      'PN362 a frost texture of 300x160 pixels, 60x32 after scaling by 0.2, is too small for images of 32x32\n  at <folder>\n  Use photos of more than 165x165 pixels.',
    );
  });
});
