import { writeFile } from 'node:fs/promises';

import { writeNpyRows } from '../core/npy-rows.js';
import { readNpy, readNpyHeader, writeNpy } from '../core/npy.js';
import { listNoisyFolder } from '../datasets/noisy-folder/list.js';
import { requireSameNoise } from '../datasets/noisy-folder/digest.js';
import { openCorruptor, type Corruptor } from '../noises/corruptor.js';
import { fromArrays } from '../noises/from-arrays.js';
import { requireSamePhotos } from '../noises/frost-photos.js';
import { madeHere } from '../noises/made-here.js';
import { chooseImages, drawNoises, type CleanImages, type NoisySource } from '../noises/mixture.js';
import type { Severity } from '../noises/noise.js';
import { defineStage, type StageContext } from '../pipeline/stage.js';

/** The noisy images are made here, or a person's files hold them. `runtime.files` knows files by their SHA-256. */
type Source =
  | {
      /** Versions of the noises, so that a corrected noise is made again. */
      readonly versions: readonly number[];
      /** A person's photos of frost, in place of the made ones. */
      readonly photos?: string;
    }
  | {
      /** One file for each of the noises. */
      readonly arrays: { readonly images: readonly string[]; readonly labels: string };
    }
  | {
      /** A folder like Tiny-ImageNet-C by the digest of each noise. */
      readonly pictures: { readonly digests: readonly string[]; readonly classFolders: readonly string[] };
    };

type Params = Source & {
  /** One noise, or the members of a mixture: each (image, severity) then gets one of them, drawn equally. */
  readonly noises: readonly string[];
  readonly severities: readonly number[];
  readonly images: 'all' | number;
};

/**
 * The noisy images of one environment: the chosen test images at every severity, severity by severity. All
 * environments of an experiment share one stream, so they use the same images and the same noise has the same draws.
 */
export const corrupt = defineStage<Params>({
  name: 'corrupt',
  summary: 'test images with the noises of one environment, at every severity',
  version: 2,
  outputs: ['images.npy', 'label.npy', 'base-image.npy', 'severity.npy', 'noise.npy', 'corrupt.json'],
  engine: false,
  isThreaded: true,
  random: true,
  run: async (context) => {
    const { params, output, rng, emit, signal } = context;
    const { noises } = params;
    const severities = params.severities as readonly Severity[];
    const source = await openSource(context);
    const indices = chooseImages(rng, source.total, params.images);
    const count = indices.length;
    const rows = count * severities.length;
    const chosen = { noises, severities, indices, rng };
    const noiseOf = drawNoises(chosen);
    const onProgress = (done: number): void => emit({ type: 'progress', done, total: rows, unit: 'images' });
    await writeNpyRows(output('images.npy'), [rows, ...source.shape], (put) =>
      source.fill({ ...chosen, noiseOf, signal, onProgress }, put),
    );
    const label = new Uint8Array(rows);
    const baseImage = new Uint32Array(rows);
    const severityOf = new Uint8Array(rows);
    for (const [s, severity] of severities.entries()) {
      label.set(
        Uint8Array.from(indices, (image) => source.labels[image]!),
        s * count,
      );
      baseImage.set(
        indices.map((image) => source.firstBaseImage + image),
        s * count,
      );
      severityOf.fill(severity, s * count, (s + 1) * count);
    }
    await writeNpy(output('label.npy'), { shape: [rows], data: label });
    await writeNpy(output('noise.npy'), { shape: [rows], data: noiseOf });
    await writeNpy(output('base-image.npy'), { shape: [rows], data: baseImage });
    await writeNpy(output('severity.npy'), { shape: [rows], data: severityOf });
    await writeFile(output('corrupt.json'), `${JSON.stringify({ noises, images: count })}\n`);
  },
});

async function openSource(context: StageContext<Params>): Promise<NoisySource> {
  const { params, input, runtime } = context;
  const images = input('dataset', 'test-images.npy');
  if ('pictures' in params) return openFolder(context, params.pictures, (await readNpyHeader(images)).shape);
  const clean: CleanImages = {
    images: await readNpy<Uint8Array>(images),
    labels: (await readNpy<Uint8Array>(input('dataset', 'test-labels.npy'))).data,
  };
  const fileOf = (digest: string): string => runtime.files[digest]!;
  if ('arrays' in params) {
    const arrays = { images: params.arrays.images.map(fileOf), labels: fileOf(params.arrays.labels) };
    return fromArrays(arrays, params.noises, clean);
  }
  const open = (count: number): Corruptor => openCorruptor(count, runtime.cores);
  if (params.photos === undefined) return madeHere(clean, open);
  const textures = fileOf(params.photos);
  const [, height, width] = clean.images.shape as [number, number, number, number];
  await requireSamePhotos(textures, { height, width }, params.photos);
  return madeHere(clean, open, { frost: { textures } });
}

async function openFolder(
  { params: { noises, severities }, runtime, emit }: StageContext<Params>,
  {
    digests,
    classFolders,
  }: { readonly digests: readonly string[]; readonly classFolders: readonly string[] },
  [cleanCount, ...shape]: readonly number[],
): Promise<NoisySource> {
  const root = runtime.files[digests[0]!]!;
  const listing = await listNoisyFolder(root, noises, severities, classFolders);
  for (const text of listing.leftOut) emit({ type: 'warning', text });
  for (const [n, noise] of noises.entries())
    await requireSameNoise(root, noise, severities, listing, digests[n]!);
  const { fromNoisyFolder } = await import('./noisy-folder.js'); // with the decoder, which nothing else here needs
  return fromNoisyFolder(root, listing, cleanCount!, shape);
}
