import { findEntry } from '../core/entry.js';
import { Type } from '../core/type.js';
import type { Dataset, DatasetEntry, DatasetParams, EnsureOptions } from './dataset.js';
import { root } from './root.js';

/** The data sets: one line each; their order is the order in `patchnas list datasets`. */
export const datasets = [
  {
    name: 'cifar10',
    summary: 'CIFAR-10: 50,000 training and 10,000 test images of 32x32 pixels in ten classes',
    source: 'Krizhevsky 2009, the official binary version',
    version: 1,
    params: Type.Object({}),
    load: async () => (await import('./cifar10/dataset.js')).cifar10,
  },
  {
    name: 'shapes',
    summary: 'Coloured shapes on a textured ground, 32x32 or 64x64 pixels in ten classes, made from a seed',
    source: 'this project',
    version: 1,
    params: Type.Object({
      train: Type.Integer({ default: 2000, minimum: 10, maximum: 100_000, description: 'Training images.' }),
      test: Type.Integer({ default: 500, minimum: 10, maximum: 100_000, description: 'Test images.' }),
      seed: Type.Integer({
        default: 1,
        minimum: 0,
        maximum: Number.MAX_SAFE_INTEGER,
        description: 'Which images are drawn.',
      }),
      size: Type.Optional(
        Type.Unsafe<number>({
          type: 'integer',
          enum: [32, 64],
          'x-expected': '32 or 64',
          description: 'Height and width of the images; 32 unless given.',
        }),
      ),
    }),
    load: async () => (await import('./shapes/dataset.js')).shapes,
  },
  {
    name: 'image-folder',
    summary: 'Your own PNG or JPEG images of one size: ROOT/train/CLASS and ROOT/test/CLASS',
    source: 'a folder of your own',
    version: 1,
    params: Type.Object({ root: root('The folder that holds train and test.') }),
    load: async () => (await import('./image-folder/dataset.js')).imageFolder,
  },
  {
    name: 'tiny-imagenet',
    summary:
      'Tiny-ImageNet: 100,000 training and 10,000 labelled validation images of 64x64 pixels in 200 classes',
    source: 'the published folder tiny-imagenet-200',
    version: 1,
    params: Type.Object({ root: root('The folder tiny-imagenet-200, which holds wnids.txt.') }),
    load: async () => (await import('./tiny-imagenet/dataset.js')).tinyImagenet,
  },
  {
    name: 'tiny-imagenet-synthetic',
    summary: 'SYNTHETIC: the drawings of shapes in the form of tiny-imagenet, to try that without having it',
    source: 'this project; nothing of Tiny-ImageNet is in it',
    version: 1,
    params: Type.Object({
      classes: Type.Integer({ default: 10, minimum: 2, maximum: 10, description: 'Classes of drawings.' }),
      train: Type.Integer({ default: 1000, minimum: 10, maximum: 20_000, description: 'Training images.' }),
      test: Type.Integer({ default: 200, minimum: 10, maximum: 20_000, description: 'Test images.' }),
      seed: Type.Integer({
        default: 1,
        minimum: 0,
        maximum: Number.MAX_SAFE_INTEGER,
        description: 'Which images are drawn.',
      }),
    }),
    load: async () => (await import('./tiny-imagenet/synthetic.js')).syntheticTinyImagenet,
  },
] as const satisfies readonly DatasetEntry[];

/** The code of a data set. @throws {RangeError} for a name that is not in the catalogue */
export function openDataset(name: string): Promise<Dataset> {
  return findEntry<DatasetEntry>(datasets, name).load();
}

/**
 * Makes sure that a data set is there, fetching or making it where needed, and gives its folder.
 * @param params all of them; what else stands there is not looked at
 * @throws {DataError}
 */
export async function ensureDataset(
  name: string,
  options: EnsureOptions,
  params: DatasetParams,
): Promise<string> {
  return (await openDataset(name)).ensure(options, params);
}
