import { DataError } from '../core/errors.js';
import { readNpy, readNpyRows } from '../core/npy.js';
import { drawNoises, piecesOf, type Mixture, type MixtureRequest } from './mixture.js';
import type { Severity } from './noise.js';
import type { OfficialArrays } from './official-arrays.js';

/**
 * The same choice as `corruptMixture`, from arrays that somebody else made. They are read in slices, none twice but
 * for the few that are looked at first.
 * @throws {DataError} PN316 when they do not look like noisy versions of the clean images, in order of severity
 */
export async function readMixture(
  arrays: OfficialArrays,
  { noises, severities, images, indices, rng, signal, onProgress }: MixtureRequest,
): Promise<Mixture> {
  const [clean = 0, ...shape] = images.shape;
  const rowBytes = shape.reduce((a, b) => a * b, 1);
  for (const [n, noise] of noises.entries()) await requireNoisy(arrays.images[n]!, noise, images);
  const noiseOf = drawNoises({ noises, severities, indices, rng });
  const total = noiseOf.length;
  const data = new Uint8Array(total * rowBytes);
  let done = 0;
  for (const { noise, severity, rows } of piecesOf({ noises, severities, indices }, noiseOf)) {
    signal.throwIfAborted();
    const first = (severity - 1) * clean;
    const wanted = rows.map((row) => first + indices[row % indices.length]!);
    const from = wanted[0]!; // indices ascend
    const path = arrays.images[noises.indexOf(noise)]!;
    const slice = await readNpyRows<Uint8Array>(path, from, wanted.at(-1)! + 1);
    rows.forEach((row, k) => {
      const at = (wanted[k]! - from) * rowBytes;
      data.set(slice.data.subarray(at, at + rowBytes), row * rowBytes);
    });
    done += rows.length;
    onProgress(done, total);
  }
  return { images: { shape: [total, ...shape], data }, noiseOf };
}

/**
 * That the rows of the arrays are those of the test images, severity by severity, as far as labels tell.
 * @param labels [n] of the test images
 * @throws {DataError} PN315 with the first row that disagrees
 */
export async function requireSameLabels(path: string, labels: Uint8Array): Promise<void> {
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

async function requireNoisy(path: string, noise: string, clean: MixtureRequest['images']): Promise<void> {
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
  { shape, data: clean }: MixtureRequest['images'],
): Promise<number> {
  const n = shape[0]!;
  const first = (severity - 1) * n;
  const { data } = await readNpyRows<Uint8Array>(path, first, first + Math.min(looks, n));
  let sum = 0;
  data.forEach((value, i) => (sum += Math.abs(value - clean[i]!)));
  return sum / data.length;
}
