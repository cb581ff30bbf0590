import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { canonicalJson } from '../core/canonical-json.js';
import { sha256 } from '../core/digest.js';
import { DataError } from '../core/errors.js';
import { constantsSize } from './constants.js';
import type { Texture } from './frost-textures.js';
import type { ImageSize } from './noise.js';
import { scaledSize } from './ops/cv-resize.js';

/** What photos are scaled by before the crop. */
export const photoScale = { 32: 0.2, 64: 0.3 } as const;

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
    (await photoFiles(folder)).map((path) =>
      asPhoto(path, async () => {
        const image = sharp(path).removeAlpha().toColourspace('srgb').raw();
        const { data, info } = await image.toBuffer({ resolveWithObject: true });
        return { size: { height: info.height, width: info.width }, rgb: new Uint8Array(data) };
      }),
    ),
  );
}

/**
 * Names the photos of a folder by their bytes, in the order in which they are drawn, and looks at their sizes.
 * @param size of the images that the frost is for
 * @throws {DataError} PN360, PN361, PN362
 */
export async function digestOfPhotos(folder: string, size: ImageSize): Promise<string> {
  const { default: sharp } = await import('sharp');
  const digests: string[] = [];
  for (const path of await photoFiles(folder))
    await asPhoto(path, async () => {
      const bytes = await readFile(path);
      const { height, width } = await sharp(bytes).metadata();
      requireLarger({ height, width }, size, path);
      digests.push(sha256(bytes));
    });
  return sha256(canonicalJson(digests));
}

/** @throws {DataError} PN364 when the photos are others than when the work was planned */
export async function requireSamePhotos(folder: string, size: ImageSize, expected: string): Promise<void> {
  if ((await digestOfPhotos(folder, size)) === expected) return;
  throw new DataError('the photos of frost have changed since the run was planned', {
    code: 'PN364',
    where: folder,
    fix: 'Leave the folder alone while a run reads it, and start the run again.',
  });
}

/** The size of a photo after scaling. @throws {DataError} PN362 when it leaves no room for a crop */
export function requireLarger(photo: ImageSize, size: ImageSize, where: string): ImageSize {
  const scale = photoScale[constantsSize(size)];
  const scaled = scaledSize(photo, scale);
  if (scaled.height > size.height && scaled.width > size.width) return scaled;
  throw new DataError(
    `a frost texture of ${photo.width}x${photo.height} pixels, ${scaled.width}x${scaled.height} after ` +
      `scaling by ${scale}, is too small for images of ${size.width}x${size.height}`,
    {
      code: 'PN362',
      where,
      fix: `Use photos of more than ${Math.ceil((size.width + 1) / scale)}x${Math.ceil((size.height + 1) / scale)} pixels.`,
    },
  );
}

async function asPhoto<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    if (cause instanceof DataError) throw cause;
    throw new DataError('a frost texture cannot be read', { code: 'PN361', where: path, fix, cause });
  }
}
