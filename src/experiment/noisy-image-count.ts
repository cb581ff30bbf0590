import type { DatasetShape } from '../datasets/dataset.js';
import { listNoisyFolder } from '../datasets/noisy-folder/list.js';
import type { Experiment } from './schema.js';

/** How many different images have noise: the test set, or what is in a person's folder. @throws {DataError} PN318 */
export async function noisyImageCount({ noise }: Experiment, shape: DatasetShape): Promise<number> {
  const { source, types, severities } = noise;
  if (source.kind !== 'folder') return shape.test;
  const listing = await listNoisyFolder(
    source.dir,
    types.slice(0, 1),
    severities.slice(0, 1),
    shape.classFolders,
  );
  return listing.images.length;
}
