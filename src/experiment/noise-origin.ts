import type { Json } from '../core/canonical-json.js';
import type { DigestMemory } from '../core/digest-memory.js';
import { findEntry } from '../core/entry.js';
import type { DatasetShape } from '../datasets/dataset.js';
import { listNoisyFolder } from '../datasets/noisy-folder/list.js';
import { digestOfNoise } from '../datasets/noisy-folder/digest.js';
import { digestOfPhotos } from '../noises/frost-photos.js';
import { noises as catalogue } from '../noises/index.js';
import { findOfficialArrays } from '../noises/official-arrays.js';
import { noisesOf } from './environments.js';
import type { Experiment } from './schema.js';

/** Where an experiment's noisy images come from. */
export interface NoiseOrigin {
  readonly kind: 'generated' | 'imported' | 'unpaired';
  /** What the stage `corrupt` must know of it, for these noises: files by their SHA-256. */
  readonly paramsOf: (noises: readonly string[]) => Readonly<Record<string, Json>>;
}

/** What the plan keeps of files from outside. */
export interface OutsideFiles {
  readonly memory: DigestMemory;
  /** Notes where the files lie that this digest names. */
  readonly keep: (digest: string, path: string) => string;
}

/**
 * Finds the files that a person brings, checks their layout, and names them by their content.
 * @throws {DataError} PN314, PN318, PN345, PN360 to PN362
 */
export async function noiseOrigin(
  experiment: Experiment,
  shape: DatasetShape,
  files: OutsideFiles,
): Promise<NoiseOrigin> {
  const { source } = experiment.noise;
  switch (source.kind) {
    case 'generate':
      return made(experiment, shape, files);
    case 'npy':
      return arrays(source.dir, experiment, shape, files);
    case 'folder':
      return pictures(source.dir, experiment, shape, files);
  }
}

async function made(
  { noise }: Experiment,
  shape: DatasetShape,
  { keep }: OutsideFiles,
): Promise<NoiseOrigin> {
  const folder = noise.frost?.textures;
  const photos = folder === undefined ? undefined : keep(await digestOfPhotos(folder, shape), folder);
  return {
    kind: 'generated',
    paramsOf: (noises) => ({
      versions: noises.map((name) => findEntry(catalogue, name).version),
      ...(photos !== undefined && noises.includes('frost') ? { photos } : {}),
    }),
  };
}

async function arrays(
  dir: string,
  experiment: Experiment,
  shape: DatasetShape,
  { memory, keep }: OutsideFiles,
): Promise<NoiseOrigin> {
  const names = noisesOf(experiment);
  const found = await findOfficialArrays(dir, names, shape);
  const digests = new Map<string, string>();
  for (const [n, path] of found.images.entries())
    digests.set(names[n]!, keep(await memory.ofFile(path), path));
  const labels = keep(await memory.ofFile(found.labels), found.labels);
  return {
    kind: 'imported',
    paramsOf: (noises) => ({ arrays: { images: noises.map((name) => digests.get(name)!), labels } }),
  };
}

async function pictures(
  dir: string,
  experiment: Experiment,
  { classFolders }: DatasetShape,
  { memory, keep }: OutsideFiles,
): Promise<NoiseOrigin> {
  const names = noisesOf(experiment);
  const { severities } = experiment.noise;
  const listing = await listNoisyFolder(dir, names, severities, classFolders);
  const digests = new Map<string, string>();
  for (const name of names)
    digests.set(name, keep(await digestOfNoise(dir, name, severities, listing, memory), dir));
  return {
    kind: 'unpaired',
    paramsOf: (noises) => ({
      pictures: { digests: noises.map((name) => digests.get(name)!), classFolders: [...classFolders] },
    }),
  };
}
