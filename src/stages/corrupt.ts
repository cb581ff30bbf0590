import { writeFile } from 'node:fs/promises';

import { writeNpyRows, type PutRows } from '../core/npy-rows.js';
import { readNpy, readNpyHeader, writeNpy } from '../core/npy.js';
import { listNoisyFolder } from '../datasets/noisy-folder/list.js';
import { requireSameNoise } from '../datasets/noisy-folder/digest.js';
import type { Rng } from '../core/rng.js';
import { gather } from '../nn/batch.js';
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
  /** What D_u is drawn from in a shifted environment: the same images once more. `Source` knows these noises too. */
  readonly seen?: Seen;
};

type Seen = {
  readonly noises: readonly string[];
  readonly severities: readonly number[];
  /** Share of clean images, 0 to 1. */
  readonly clean: number;
};

/** What `corrupt.json` says. */
export interface CorruptRecord {
  readonly noises: readonly string[];
  readonly images: number;
  /** Rows from this one on are what D_u is drawn from, and no others are; only of shifted environments. */
  readonly seenFrom?: number;
}

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
    const { params, output, rng } = context;
    const source = await openSource(context);
    const indices = chooseImages(rng, source.total, params.images);
    const met: Block = { noises: params.noises, severities: params.severities, clean: 0 };
    const blocks = params.seen ? [met, params.seen] : [met];
    const rowsOf = ({ severities }: Block): number => severities.length * indices.length;
    const rows = blocks.reduce((sum, block) => sum + rowsOf(block), 0);
    const columns = {
      label: new Uint8Array(rows),
      noise: new Uint8Array(rows),
      'base-image': new Uint32Array(rows),
      severity: new Uint8Array(rows),
    };
    await writeNpyRows(output('images.npy'), [rows, ...source.shape], async (put) => {
      for (let from = 0, k = 0; k < blocks.length; from += rowsOf(blocks[k]!), k++)
        await fillBlock(context, source, { block: blocks[k]!, indices, from, rows }, columns, put);
    });
    for (const [name, data] of Object.entries(columns))
      await writeNpy(output(`${name}.npy`), { shape: [rows], data });
    const record: CorruptRecord = {
      noises: params.noises,
      images: indices.length,
      ...(params.seen && { seenFrom: rowsOf(met) }),
    };
    await writeFile(output('corrupt.json'), `${JSON.stringify(record)}\n`);
  },
});

/** The chosen images at some severities, row after row. */
type Block = Seen;

interface Place {
  readonly block: Block;
  readonly indices: Uint32Array;
  /** The first row of the block, of all rows. */
  readonly from: number;
  readonly rows: number;
}

interface Columns {
  readonly label: Uint8Array;
  /** Place of its noise among `params.noises`; in a block of others among those. */
  readonly noise: Uint8Array;
  readonly 'base-image': Uint32Array;
  /** 0 where the image is clean. */
  readonly severity: Uint8Array;
}

async function fillBlock(
  { input, rng, signal, emit }: StageContext<Params>,
  source: NoisySource,
  { block, indices, from, rows }: Place,
  columns: Columns,
  put: PutRows,
): Promise<void> {
  const { noises, clean } = block;
  const severities = block.severities as readonly Severity[];
  const count = indices.length;
  const chosen = { noises, severities, indices, rng };
  const noiseOf = drawNoises(chosen);
  const cleanRows = drawClean(rng, noiseOf.length, clean);
  for (const row of cleanRows) noiseOf[row] = noNoise;
  const onProgress = (done: number): void =>
    emit({ type: 'progress', done: from + done, total: rows, unit: 'images' });
  const putHere: PutRows = (at, bytes) => put(from === 0 ? at : at.map((row) => from + row), bytes);
  await source.fill({ ...chosen, noiseOf, signal, onProgress }, putHere);
  if (cleanRows.length > 0) {
    const test = await readNpy<Uint8Array>(input('dataset', 'test-images.npy'));
    await putHere(
      cleanRows,
      gather(
        test,
        Uint32Array.from(cleanRows, (row) => indices[row % count]!),
      ).data,
    );
  }
  noiseOf.forEach((noise, row) => {
    const image = indices[row % count]!;
    columns.label[from + row] = source.labels[image]!;
    columns['base-image'][from + row] = source.firstBaseImage + image;
    columns.noise[from + row] = noise === noNoise ? 0 : noise;
    columns.severity[from + row] = noise === noNoise ? 0 : severities[Math.floor(row / count)]!;
  });
}

/** In `noiseOf`: sources leave such a row to others. */
const noNoise = 255;

/** Rows of clean images, ascending: a share of all, to a whole number. */
function drawClean(rng: Rng, rows: number, share: number): number[] {
  return share === 0
    ? []
    : [...rng.child('clean').sample(rows, Math.round(rows * share))].sort((a, b) => a - b);
}

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
    return fromArrays(arrays, namesOf(params), clean);
  }
  const open = (count: number): Corruptor => openCorruptor(count, runtime.cores);
  if (params.photos === undefined) return madeHere(clean, open);
  const textures = fileOf(params.photos);
  const [, height, width] = clean.images.shape as [number, number, number, number];
  await requireSamePhotos(textures, { height, width }, params.photos);
  return madeHere(clean, open, { frost: { textures } });
}

/** Every noise of an environment once, in the order of what `Source` lists. */
function namesOf({ noises, seen }: Params): string[] {
  return [...new Set([...noises, ...(seen?.noises ?? [])])];
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
