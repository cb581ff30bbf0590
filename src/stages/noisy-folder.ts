import { join } from 'node:path';

import type { NoisyListing } from '../datasets/noisy-folder/list.js';
import { readNoisyImages } from '../datasets/noisy-folder/read.js';
import { piecesOf, type NoisySource } from '../noises/mixture.js';

/**
 * Noisy images of a folder like Tiny-ImageNet-C. They are other pictures than the clean test images, with labels of
 * their own, so none has a clean counterpart: their numbers begin beyond those of the clean ones.
 * @param cleanCount how many clean test images there are
 * @param shape [height, width, 3] of the clean images
 */
export function fromNoisyFolder(
  root: string,
  { images, labels }: NoisyListing,
  cleanCount: number,
  shape: readonly number[],
): NoisySource {
  const [height, width] = shape as [number, number];
  return {
    total: images.length,
    firstBaseImage: cleanCount,
    shape,
    labels,
    /** @throws {DataError} PN345, PN319 */
    async fill(request, put) {
      const { signal, onProgress, noiseOf } = request;
      let done = 0;
      for (const { noise, severity, rows, images: chosen } of piecesOf(request)) {
        signal.throwIfAborted();
        const paths = Array.from(chosen, (image) => join(noise, String(severity), images[image]!));
        await put(rows, await readNoisyImages(root, paths, { height, width }));
        done += rows.length;
        onProgress(done, noiseOf.length);
      }
    },
  };
}
