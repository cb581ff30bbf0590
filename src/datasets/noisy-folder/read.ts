import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { forEachAtOnce } from '../../core/at-once.js';
import { reasonOf, requireNone } from '../../core/problems.js';
import { decodeImage } from '../folder/decode.js';
import { requireReadable } from '../folder/file-digests.js';

/**
 * Decodes images of one size.
 * @param paths below `root`
 * @returns bytes [images, height, width, 3]
 * @throws {DataError} PN345 unreadable or damaged files, PN319 another size; each names all that it means
 */
export async function readNoisyImages(
  root: string,
  paths: readonly string[],
  { height, width }: { readonly height: number; readonly width: number },
): Promise<Uint8Array> {
  const rowBytes = height * width * 3;
  const pixels = new Uint8Array(paths.length * rowBytes);
  const unreadable: string[] = [];
  const others: string[] = [];
  await forEachAtOnce(paths, async (path, row) => {
    try {
      const image = await decodeImage(await readFile(join(root, path)));
      if (image.height === height && image.width === width) pixels.set(image.data, row * rowBytes);
      else others.push(`${path}: ${image.width}x${image.height}`);
    } catch (error) {
      unreadable.push(`${path}: ${reasonOf(error)}`);
    }
  });
  requireReadable(root, unreadable);
  requireNone(others.toSorted(), {
    message: `noisy images of another size than the ${width}x${height} pixels (width x height) of the data set's`,
    code: 'PN319',
    where: root,
    fix: 'Take noisy images of the size of the clean ones.',
  });
  return pixels;
}
