import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { loadExperiment } from '../../../src/experiment/load.js';
import { noisySetOf } from '../../../src/experiment/noisy-set.js';
import { planExperiment } from '../../../src/experiment/plan.js';
import { shapes } from '../../../src/datasets/shapes/dataset.js';
import { OwnThread } from '../../../src/noises/own-thread.js';
import { writeSet } from '../../../src/noises/write-set.js';
import { cacheDir } from '../../support/cache-dir.js';
import { writeImage, writeNoisyFolder } from '../../support/image-sets.js';
import { writeOfficialArrays } from '../../support/official-arrays.js';
import { runPlan, tinyExperiment } from '../../support/stage-run.js';
import { tempFolder } from '../../support/temp-folder.js';

const text = tinyExperiment
  .replace('scoreSamples: 8', 'scoreSamples: 4')
  .replace(
    'types: [gaussian_noise], severities: [1, 3, 5]',
    'types: [frost], environments: { both: [frost, fog] }, severities: [5, 2], images: 25',
  );
const noises = ['frost', 'fog'];

it.each([
  ['made here', async () => []],
  [
    'with photos of frost',
    async (dir: string) => {
      await writeImage(dir, 'a.png', { height: 200, width: 300 });
      return [`noise.frost.textures=${dir}`];
    },
  ],
  [
    'of arrays',
    async (dir: string) => {
      const { test } = await shapes.read('', { train: 10, test: 40, seed: 1 });
      await writeOfficialArrays(dir, test, noises, 8);
      return [`noise.source={ kind: npy, dir: "${dir}" }`];
    },
  ],
  [
    'of a folder',
    async (dir: string) => {
      const { classFolders } = await shapes.shape({ train: 10, test: 40, seed: 1 });
      await writeNoisyFolder(dir, noises, [2, 5], classFolders, { height: 32, width: 32, perClass: 3 });
      return [`noise.source={ kind: folder, dir: "${dir}" }`];
    },
  ],
])('noisy images %s are those of the run', async (_, prepare) => {
  const folder = await tempFolder();
  await writeFile(join(folder, 'exp.yaml'), text);
  const experiment = await loadExperiment(join(folder, 'exp.yaml'), await prepare(await tempFolder()));
  const plan = await planExperiment(experiment);
  const tasks = plan.tasks.filter(({ stage }) => ['dataset', 'corrupt'].includes(stage));
  const produced = await runPlan({ ...plan, tasks }, join(folder, 'run'));

  const { signal } = new AbortController();
  const emit = (): void => undefined;
  const set = await noisySetOf(experiment, { cacheDir, offline: true, emit, signal }, () => new OwnThread());
  const out = join(folder, 'out');
  await writeSet(out, { ...set, force: false, signal, onProgress: () => undefined });
  const same = async (file: string, task: string, output: string): Promise<boolean> =>
    (await readFile(join(out, file))).equals(await readFile(join(produced.get(task)!.folder, output)));
  expect(await same('frost.npy', 'corrupt/frost', 'images.npy')).toBe(true);
  expect(await same('both.npy', 'corrupt/both', 'images.npy')).toBe(true);
  expect(await same('labels.npy', 'corrupt/both', 'label.npy')).toBe(true);
});
