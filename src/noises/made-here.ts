import type { Corruptor } from './corruptor.js';
import { piecesOf, type CleanImages, type NoisySource } from './mixture.js';
import { sideBySide } from './side-by-side.js';

/** Of the entries of noises that are to have other than their default parameters, by name. */
export type NoiseParams = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/**
 * Noisy images that are made when they are asked for. The bytes do not depend on the corruptor.
 * @param open gives the corruptor for so many images; it is closed when they are made
 * @param params must have passed the schemas of the noises' entries
 */
export function madeHere(
  { images, labels }: CleanImages,
  open: (images: number) => Corruptor,
  params: NoiseParams = {},
): NoisySource {
  const [total, ...shape] = images.shape as [number, ...number[]];
  const rowBytes = shape.reduce((a, b) => a * b, 1);
  return {
    total,
    firstBaseImage: 0,
    shape,
    labels,
    /** @throws {DataError} what the noises throw; the signal's reason when it is aborted */
    async fill(request, put) {
      const { rng, signal, onProgress, noiseOf } = request;
      const corruptor = open(noiseOf.length);
      let done = 0;
      const work = sideBySide(corruptor, piecesOf(request), signal, async (piece) => {
        const { noise, severity, rows, images: chosen } = piece;
        const clean = new Uint8Array(rows.length * rowBytes);
        chosen.forEach((image, k) =>
          clean.set(images.data.subarray(image * rowBytes, (image + 1) * rowBytes), k * rowBytes),
        );
        const bytes = await corruptor.corrupt({
          noise,
          params: params[noise] ?? {},
          severity,
          images: clean,
          shape: [rows.length, ...shape],
          indices: chosen,
          seed: rng.seed,
          stream: rng.path,
        });
        await put(rows, bytes);
        done += rows.length;
        onProgress(done, noiseOf.length);
      });
      await work.finally(() => corruptor.close());
    },
  };
}
