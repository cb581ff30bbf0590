import { findEntry } from '../core/entry.js';
import { Type } from '../core/type.js';
import type { Dataset, DatasetEntry, EnsureOptions } from './dataset.js';

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
    summary: 'Coloured shapes on a textured ground, 32x32 pixels in ten classes, made from a seed',
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
    }),
    load: async () => (await import('./shapes/dataset.js')).shapes,
  },
] as const satisfies readonly DatasetEntry[];

/** The code of a data set. @throws {RangeError} for a name that is not in the catalogue */
export function openDataset(name: string): Promise<Dataset> {
  return findEntry<DatasetEntry>(datasets, name).load();
}

/** Makes sure that a data set is there, fetching it where needed, and gives its folder. @throws {DataError} */
export async function ensureDataset(name: string, options: EnsureOptions): Promise<string> {
  return (await openDataset(name)).ensure(options);
}
