import { DataError } from '../core/errors.js';
import { readNpy, readNpyRows } from '../core/npy.js';
import { piecesOf, type CleanImages, type NoisySource } from './mixture.js';
import type { Severity } from './noise.js';
import type { OfficialArrays } from './official-arrays.js';

/**
 * Noisy images from arrays that somebody else made from the same clean images, in place of those that would be made
 * here. They are read in slices, none twice but for the few that are looked at first.
 * @param noises in the order of the arrays
 * @throws {DataError} PN315 with the first row whose label disagrees
 */
export async function fromArrays(
  arrays: OfficialArrays,
  noises: readonly string[],
  { images, labels }: CleanImages,
): Promise<NoisySource> {
  await requireSameLabels(arrays.labels, labels);
  const [total, ...shape] = images.shape as [number, ...number[]];
  const rowBytes = shape.reduce((a, b) => a * b, 1);
  const pathOf = (noise: string): string => arrays.images[noises.indexOf(noise)]!;
  return {
    total,
    firstBaseImage: 0,
    shape,
    labels,
    /** @throws {DataError} PN316 when they do not look like noisy versions of the clean images, in order of severity */
    async fill(request, put) {
      const { signal, onProgress, noiseOf } = request;
      for (const noise of request.noises) await requireNoisy(pathOf(noise), noise, images);
      let done = 0;
      for (const { noise, severity, rows, images: chosen } of piecesOf(request)) {
        signal.throwIfAborted();
        const first = (severity - 1) * total + chosen[0]!; // they ascend
        const last = (severity - 1) * total + chosen.at(-1)!;
        const slice = await readNpyRows<Uint8Array>(pathOf(noise), first, last + 1);
        const bytes = new Uint8Array(rows.length * rowBytes);
        chosen.forEach((image, k) => {
          const at = (image - chosen[0]!) * rowBytes;
          bytes.set(slice.data.subarray(at, at + rowBytes), k * rowBytes);
        });
        await put(rows, bytes);
        done += rows.length;
        onProgress(done, noiseOf.length);
      }
    },
  };
}

/**
 * That the rows of the arrays are those of the test images, severity by severity, as far as labels tell.
 * @param labels [n] of the test images
 */
async function requireSameLabels(path: string, labels: Uint8Array): Promise<void> {
  const { data } = await readNpy<Uint8Array>(path);
  let wrong = 0;
  let first = -1;
  data.forEach((label, row) => {
    if (label === labels[row % labels.length]) return;
    if (wrong++ === 0) first = row;
  });
  if (wrong === 0) return;
  const image = first % labels.length;
  throw new DataError(
    `the labels disagree with the test set in ${wrong} of ${data.length} rows, first in row ${first}: ` +
      `${data[first]} where test image ${image} has ${labels[image]}`,
    {
      code: 'PN315',
      where: path,
      fix: 'Take arrays that were made from this data set: all test images in its order, for severity 1, then 2, up to 5.',
    },
  );
}

/** Their images come nearer to the clean ones again as they get stronger: they are bent over shorter ways, or darker. */
const notGrowing: readonly string[] = ['elastic_transform', 'frost'];

/** How many images are compared. */
const looks = 200;

async function requireNoisy(path: string, noise: string, clean: CleanImages['images']): Promise<void> {
  const mild = await meanChange(path, 1, clean);
  const strong = await meanChange(path, 5, clean);
  if (mild === 0 || strong === 0)
    refuse(path, `the images of severity ${mild === 0 ? 1 : 5} are the clean test images`);
  if (strong <= mild && !notGrowing.includes(noise))
    refuse(
      path,
      `the images of severity 5 are nearer to the clean ones (mean change ${strong.toFixed(2)} of 255) ` +
        `than those of severity 1 (${mild.toFixed(2)})`,
    );
}

function refuse(path: string, message: string): never {
  throw new DataError(message, {
    code: 'PN316',
    where: path,
    fix: 'Copy or make it again: noisy versions of all test images in their order, for severity 1, then 2, up to 5.',
  });
}

/** The mean absolute difference of bytes over the first test images. */
async function meanChange(
  path: string,
  severity: Severity,
  { shape, data: clean }: CleanImages['images'],
): Promise<number> {
  const n = shape[0]!;
  const first = (severity - 1) * n;
  const { data } = await readNpyRows<Uint8Array>(path, first, first + Math.min(looks, n));
  let sum = 0;
  data.forEach((value, i) => (sum += Math.abs(value - clean[i]!)));
  return sum / data.length;
}
