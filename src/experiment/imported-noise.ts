import type { DatasetShape } from '../datasets/dataset.js';
import { findOfficialArrays } from '../noises/official-arrays.js';
import type { Experiment } from './schema.js';

/** Arrays of noisy images that a person brings, known by their SHA-256. */
export interface ImportedNoise {
  readonly images: Readonly<Record<string, string>>;
  readonly labels: string;
}

/**
 * The arrays of all noises that an experiment names, or undefined when it makes its noisy images itself.
 * @param digestOf gives the SHA-256 of a file and keeps where it lies
 * @throws {DataError} PN314
 */
export async function importedNoise(
  { noise }: Experiment,
  shape: DatasetShape,
  digestOf: (path: string) => Promise<string>,
): Promise<ImportedNoise | undefined> {
  if (noise.source.kind !== 'npy') return undefined;
  const noises = [...new Set([...noise.types, ...Object.values(noise.environments).flat()])];
  const arrays = await findOfficialArrays(noise.source.dir, noises, shape);
  const images: Record<string, string> = {};
  for (const [n, name] of noises.entries()) images[name] = await digestOf(arrays.images[n]!);
  return { images, labels: await digestOf(arrays.labels) };
}
