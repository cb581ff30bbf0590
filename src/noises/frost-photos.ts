import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { DataError } from '../core/errors.js';
import type { Texture } from './frost-textures.js';

const fix = 'Give a folder with one or more PNG or JPEG photos of frost, each some hundred pixels wide.';

/** The paths of the PNG and JPEG files of a folder, sorted by name. @throws {DataError} PN360 when there is none */
export async function photoFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((cause: unknown) => {
    throw new DataError('the folder of frost textures cannot be read', {
      code: 'PN360',
      where: folder,
      fix,
      cause,
    });
  });
  const photos = names.filter((name) => /\.(png|jpe?g)$/i.test(name)).sort();
  if (photos.length === 0)
    throw new DataError('no PNG or JPEG file among the frost textures', {
      code: 'PN360',
      where: folder,
      fix,
    });
  return photos.map((name) => join(folder, name));
}

/** The photos of a folder as RGB at their own size. @throws {DataError} PN360, or PN361 for one that cannot be read */
export async function readPhotos(folder: string): Promise<Texture[]> {
  const { default: sharp } = await import('sharp');
  return Promise.all(
    (await photoFiles(folder)).map(async (path) => {
      try {
        const image = sharp(path).removeAlpha().toColourspace('srgb').raw();
        const { data, info } = await image.toBuffer({ resolveWithObject: true });
        return { size: { height: info.height, width: info.width }, rgb: new Uint8Array(data) };
      } catch (cause) {
        throw new DataError('a frost texture cannot be read', { code: 'PN361', where: path, fix, cause });
      }
    }),
  );
}
