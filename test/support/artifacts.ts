import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { readNpy, writeNpy, type NdArray } from '../../src/core/npy.js';
import type { Produced } from './stage-run.js';

/** The numbers of an output. */
export async function numbersOf<A extends NdArray['data']>(
  { folder }: Pick<Produced, 'folder'>,
  file: string,
): Promise<A> {
  return (await readNpy(join(folder, file))).data as A;
}

/** What a JSON output says. */
export async function jsonOf(from: Pick<Produced, 'folder'>, file: string): Promise<unknown> {
  return JSON.parse(await readFile(join(from.folder, file), 'utf8'));
}

/** Writes arrays as the outputs of a producer. */
export async function writeArrays(folder: string, arrays: Readonly<Record<string, NdArray>>): Promise<void> {
  for (const [file, array] of Object.entries(arrays)) await writeNpy(join(folder, file), array);
}
