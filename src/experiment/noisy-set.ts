import { Rng } from '../core/rng.js';
import type { EnsureOptions } from '../datasets/dataset.js';
import { openDataset } from '../datasets/index.js';
import { listNoisyFolder } from '../datasets/noisy-folder/list.js';
import { readDataset } from '../datasets/read-dataset.js';
import type { Corruptor } from '../noises/corruptor.js';
import { fromArrays } from '../noises/from-arrays.js';
import { madeHere } from '../noises/made-here.js';
import { chooseImages, type CleanImages, type NoisySource } from '../noises/mixture.js';
import type { Severity } from '../noises/noise.js';
import { findOfficialArrays } from '../noises/official-arrays.js';
import { fromNoisyFolder } from '../stages/noisy-folder.js';
import { environmentsOf, noisesOf } from './environments.js';
import type { Experiment } from './schema.js';

/** Noisy images to write: the same bytes as in the records of a run. */
export interface NoisySet {
  readonly dataset: string;
  readonly source: NoisySource;
  readonly environments: readonly { readonly name: string; readonly noises: readonly string[] }[];
  readonly severities: readonly Severity[];
  /** [n] which of the source's images, ascending. */
  readonly indices: Uint32Array;
  readonly seed: number;
  /** The root stream of their draws. */
  readonly rng: Rng;
}

/**
 * The noisy images of an experiment.
 * @param open gives the corruptor for so many images
 * @throws {DataError} where the data set, or the images that a person brings, are missing or not what they must be
 */
export async function noisySetOf(
  experiment: Experiment,
  options: Omit<EnsureOptions, 'from'>,
  open: (images: number) => Corruptor,
): Promise<NoisySet> {
  const { dataset, noise, seed } = experiment;
  const own = 'root' in dataset ? { from: dataset.root } : {};
  const { test } = await readDataset(dataset.name, { ...options, ...own }, dataset);
  const source = await sourceOf(experiment, test, open);
  const rng = new Rng(seed, 'corrupt');
  return {
    dataset: dataset.name,
    source,
    environments: environmentsOf(experiment).filter(({ unlabeled }) => unlabeled === undefined),
    severities: noise.severities as readonly Severity[],
    indices: chooseImages(rng, source.total, noise.images),
    seed,
    rng,
  };
}

async function sourceOf(
  experiment: Experiment,
  clean: CleanImages,
  open: (images: number) => Corruptor,
): Promise<NoisySource> {
  const { dataset, noise } = experiment;
  const { source, severities, frost } = noise;
  const noises = noisesOf(experiment);
  const [test, height, width] = clean.images.shape as [number, number, number, number];
  switch (source.kind) {
    case 'generate':
      return madeHere(clean, open, frost?.textures === undefined ? {} : { frost });
    case 'npy': {
      const arrays = await findOfficialArrays(source.dir, noises, { test, height, width });
      return fromArrays(arrays, noises, clean);
    }
    case 'folder': {
      const { classFolders } = await (await openDataset(dataset.name)).shape(dataset);
      const listing = await listNoisyFolder(source.dir, noises, severities, classFolders);
      return fromNoisyFolder(source.dir, listing, test, [height, width, 3]);
    }
  }
}
