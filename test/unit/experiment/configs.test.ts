import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { methods } from '../../../src/baselines/index.js';
import { loadExperiment } from '../../../src/experiment/load.js';
import { planExperiment } from '../../../src/experiment/plan.js';
import { networks } from '../../../src/networks/index.js';
import { noises } from '../../../src/noises/index.js';
import { writeTinyImagenet } from '../../support/image-sets.js';
import { tempFolder } from '../../support/temp-folder.js';

const names = readdirSync('configs', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.yaml'))
  .sort();

/** Tiny-ImageNet stands in a folder of a person's own: here a small one in the true form. */
async function setsFor(name: string): Promise<string[]> {
  if (!name.startsWith('tiny-imagenet')) return [];
  const root = await writeTinyImagenet(await tempFolder(), 64);
  return [`dataset.root=${root}`, 'split.failures=5', 'search.scoreSamples=4'];
}

describe.each(names)('configs/%s', (name) => {
  it('is valid and can be planned', async () => {
    const experiment = await loadExperiment(join('configs', name), await setsFor(name));
    const { tasks } = await planExperiment(experiment);
    expect(tasks.at(-1)?.id).toBe('report');
  });
});

it.each([
  ['cifar10-allconv', 'allconvnet', 100, 5e-4],
  ['cifar10-wrn-40-2', 'wrn-40-2', 100, 5e-4],
  ['cifar10-densenet', 'densenet-bc-100-12', 200, 1e-4],
  ['tiny-imagenet-mobilenet-v2', 'mobilenet-v2', 100, 5e-4],
] as const)("configs/%s.yaml is the paper's experiment", async (name, network, epochs, weightDecay) => {
  const experiment = await loadExperiment(`configs/${name}.yaml`, await setsFor(name));
  expect(experiment).toMatchObject({
    name,
    repeats: 3,
    dataset: { trainSubset: 'all' },
    network: { name: network, width: 1, pretrain: { recipe: 'augmix', epochs, weightDecay } },
    noise: { types: noises.map((noise) => noise.name), severities: [1, 2, 3, 4, 5], images: 'all' },
    probe: { samples: 'all' },
    search: { candidates: 200 },
  });
  expect(experiment.methods.toSorted()).toEqual(methods.map((method): string => method.name).toSorted());
});

it('configs/smoke has an experiment for each network', async () => {
  const smoke = names.filter((name) => name.startsWith('smoke'));
  const experiments = await Promise.all(smoke.map((name) => loadExperiment(join('configs', name))));
  expect(experiments.map(({ network }) => network.name).sort()).toEqual(
    networks.map(({ name }) => name).sort(),
  );
});
