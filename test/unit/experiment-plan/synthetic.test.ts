import { rename } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { loadExperiment } from '../../../src/experiment/load.js';
import { planExperiment } from '../../../src/experiment/plan.js';
import { syntheticTinyImagenet } from '../../../src/datasets/tiny-imagenet/synthetic.js';
import { writeTinyImagenet } from '../../support/image-sets.js';
import { tempFolder } from '../../support/temp-folder.js';

const config = 'configs/tiny-imagenet-mobilenet-v2.yaml';
const params = { classes: 3, train: 30, test: 12, seed: 1 };

async function paramsOf(sets: readonly string[]): Promise<{ subject: unknown; dataset: unknown }> {
  const experiment = await loadExperiment(config, ['split.failures=5', 'search.scoreSamples=4', ...sets]);
  const { tasks } = await planExperiment(experiment);
  const of = (id: string): unknown => tasks.find((task) => task.id === id)!.params;
  return { subject: (of('report') as { subject: unknown }).subject, dataset: of('dataset') };
}

const marked = {
  name: 'tiny-imagenet-mobilenet-v2',
  network: 'mobilenet-v2 (SYNTHETIC images)',
  noiseOrigin: 'generated',
  isSynthetic: true,
};

it('the report of tiny-imagenet-synthetic is marked', async () => {
  const { subject, dataset } = await paramsOf([
    'dataset={ name: tiny-imagenet-synthetic, classes: 3, train: 30, test: 12 }',
  ]);
  expect(subject).toEqual({ ...marked, dataset: 'tiny-imagenet-synthetic' });
  expect(dataset).toEqual({
    name: 'tiny-imagenet-synthetic',
    params,
    digest: await syntheticTinyImagenet.digest(params),
    trainSubset: 'all',
  });
});

it('so is that of tiny-imagenet where such a folder stands in the place of the true one, and no other', async () => {
  const root = join(await tempFolder(), 'tiny-imagenet-200');
  const options = {
    cacheDir: await tempFolder(),
    offline: true,
    emit: () => undefined,
    signal: new AbortController().signal,
  };
  await rename(await syntheticTinyImagenet.ensure(options, params), root);
  expect((await paramsOf([`dataset.root=${root}`])).subject).toEqual({ ...marked, dataset: 'tiny-imagenet' });

  const own = await writeTinyImagenet(await tempFolder(), 64);
  expect((await paramsOf([`dataset.root=${own}`])).subject).toEqual({
    name: 'tiny-imagenet-mobilenet-v2',
    network: 'mobilenet-v2',
    dataset: 'tiny-imagenet',
    noiseOrigin: 'generated',
  });
});
