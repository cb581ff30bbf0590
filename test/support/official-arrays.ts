import { Rng } from '../../src/core/rng.js';
import type { LabelledImages } from '../../src/datasets/dataset.js';
import { madeHere } from '../../src/noises/made-here.js';
import { severities } from '../../src/noises/noise.js';
import { OwnThread } from '../../src/noises/own-thread.js';
import { writeSet } from '../../src/noises/write-set.js';

/** Writes a folder like CIFAR-10-C from a test set, with the draws of an experiment of that seed. */
export async function writeOfficialArrays(
  folder: string,
  test: LabelledImages,
  noises: readonly string[],
  seed = 1,
): Promise<void> {
  await writeSet(folder, {
    source: madeHere(test, () => new OwnThread()),
    environments: noises.map((name) => ({ name, noises: [name] })),
    severities,
    indices: Uint32Array.from(test.labels.keys()),
    rng: new Rng(seed, 'corrupt'),
    force: true,
    signal: new AbortController().signal,
    onProgress: () => undefined,
  });
}
