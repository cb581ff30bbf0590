import { writeFile } from 'node:fs/promises';

import { findEntry } from '../core/entry.js';
import { writeNpy } from '../core/npy.js';
import { Rng } from '../core/rng.js';
import { datasets } from '../datasets/index.js';
import type { LabelledImages } from '../datasets/dataset.js';
import { gather } from '../nn/batch.js';
import { defineStage } from '../pipeline/stage.js';

type Params = {
  readonly name: string;
  readonly params: Readonly<Record<string, string | number | boolean>>;
  /** Names the bytes of the data set; `runtime.files` says in which folder they lie. */
  readonly digest: string;
  readonly trainSubset: 'all' | number;
};

/** D_t and the clean test set as arrays. A subset of D_t is the same for every seed of the experiment. */
export const dataset = defineStage<Params>({
  name: 'dataset',
  summary: 'the training images (D_t) and the clean test images',
  version: 1,
  outputs: ['train-images.npy', 'train-labels.npy', 'test-images.npy', 'test-labels.npy', 'dataset.json'],
  engine: false,
  random: false,
  run: async ({ params, runtime, output }) => {
    const code = await findEntry(datasets, params.name).load();
    const folder = runtime.files[params.digest]!;
    const { train, test, classes } = await code.read(folder, params.params, params.digest);
    const used = params.trainSubset === 'all' ? train : subset(train, params.trainSubset);
    await write(output, 'train', used);
    await write(output, 'test', test);
    await writeFile(output('dataset.json'), `${JSON.stringify({ name: params.name, classes })}\n`);
  },
});

function subset({ images, labels }: LabelledImages, count: number): LabelledImages {
  const indices = new Rng(0, `dataset/subset/${count}`).sample(labels.length, count).sort();
  return { images: gather(images, indices), labels: Uint8Array.from(indices, (i) => labels[i]!) };
}

async function write(
  output: (file: string) => string,
  part: 'train' | 'test',
  { images, labels }: LabelledImages,
): Promise<void> {
  await writeNpy(output(`${part}-images.npy`), images);
  await writeNpy(output(`${part}-labels.npy`), { shape: [labels.length], data: labels });
}
