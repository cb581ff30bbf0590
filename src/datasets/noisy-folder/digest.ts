import { join } from 'node:path';

import { DigestMemory } from '../../core/digest-memory.js';
import { digestOfFiles, requireUnchanged } from '../folder/file-digests.js';
import type { NoisyListing } from './list.js';

/**
 * Names the bytes of one noise's images, wherever the folder stands.
 * @throws {DataError} PN345 with all files that cannot be read
 */
export function digestOfNoise(
  root: string,
  noise: string,
  severities: readonly number[],
  { images }: NoisyListing,
  memory = new DigestMemory(),
): Promise<string> {
  const paths = severities.flatMap((severity) => images.map((image) => `${severity}/${image}`));
  return digestOfFiles(join(root, noise), paths, memory);
}

/** That a noise's images are those that were there when the run was planned. @throws {DataError} PN345, PN347 */
export async function requireSameNoise(
  root: string,
  noise: string,
  severities: readonly number[],
  listing: NoisyListing,
  expected: string,
): Promise<void> {
  requireUnchanged(join(root, noise), await digestOfNoise(root, noise, severities, listing), expected);
}
