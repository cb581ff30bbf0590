import { join } from 'node:path';

import { beforeAll, describe, expect, it } from 'vitest';

import { sha256File } from '../../../src/core/digest.js';
import { DataError } from '../../../src/core/errors.js';
import { shapes } from '../../../src/datasets/shapes/dataset.js';
import type { LabelledImages } from '../../../src/datasets/dataset.js';
import type { ExperimentPlan } from '../../../src/experiment/plan.js';
import { writeOfficialArrays } from '../../support/official-arrays.js';
import { keysOf, planOf, runPlan, tinyExperiment } from '../../support/stage-run.js';
import { tempFolder } from '../../support/temp-folder.js';

let test: LabelledImages;
beforeAll(async () => {
  ({ test } = await shapes.read('', { train: 10, test: 40, seed: 1 }));
});

const noises = ['gaussian_noise', 'fog'];
const text = tinyExperiment
  .replace('scoreSamples: 8', 'scoreSamples: 6')
  .replace(
    'types: [gaussian_noise], severities: [1, 3, 5]',
    'types: [gaussian_noise], environments: { both: [gaussian_noise, fog] }, severities: [1, 5], images: 30',
  );

async function arraysIn(dir: string): Promise<string> {
  await writeOfficialArrays(dir, test, noises);
  return dir;
}

function importing(dir: string): Promise<ExperimentPlan> {
  return planOf(text, [`noise.source={ kind: npy, dir: "${dir}" }`]);
}

function paramsOf(plan: ExperimentPlan, id: string): unknown {
  return plan.tasks.find((task) => task.id === id)!.params;
}

describe('noise.source: { kind: npy }', () => {
  it('names the arrays by their bytes, wherever they lie', async () => {
    const dir = await arraysIn(await tempFolder());
    const plan = await importing(dir);
    const [gaussian, fog, labels] = await Promise.all(
      ['gaussian_noise', 'fog', 'labels'].map((name) => sha256File(join(dir, `${name}.npy`))),
    );
    expect(paramsOf(plan, 'corrupt/both')).toEqual({
      noises,
      arrays: { images: [gaussian, fog], labels },
      severities: [1, 5],
      images: 30,
    });
    expect(plan.files[fog!]).toBe(join(dir, 'fog.npy'));
    expect(paramsOf(plan, 'report')).toMatchObject({ subject: { noiseOrigin: 'imported' } });
    const moved = await importing(await arraysIn(await tempFolder()));
    expect([...keysOf(moved)]).toEqual([...keysOf(plan)]);
  });

  it('shares no noisy image with a run that makes them, and everything before them', async () => {
    const imported = keysOf(await importing(await arraysIn(await tempFolder())));
    const generated = keysOf(await planOf(text));
    expect([...imported.keys()]).toEqual([...generated.keys()]);
    const shared = [...imported].filter(([task, key]) => generated.get(task) === key).map(([task]) => task);
    expect(shared).toEqual([
      ...['dataset', 'pretrain', 'pretrain/reseed', 'probe'],
      ...['observe/train', 'observe/test', 'observe/test/reseed'],
    ]);
  });

  it('gives the images that the arrays hold, for the same choice as when they are made here', async () => {
    const dir = await arraysIn(await tempFolder());
    const upToNoise = (plan: ExperimentPlan): ExperimentPlan => ({
      ...plan,
      tasks: plan.tasks.filter(({ stage }) => ['dataset', 'corrupt'].includes(stage)),
    });
    const imported = await runPlan(upToNoise(await importing(dir)), await tempFolder());
    const generated = await runPlan(upToNoise(await planOf(text)), await tempFolder());
    for (const task of ['corrupt/gaussian_noise', 'corrupt/both'])
      expect(imported.get(task)!.outputs).toEqual(generated.get(task)!.outputs);
  });

  it('refuses arrays of another test set before anything runs', async () => {
    const dir = await arraysIn(await tempFolder());
    await expect(
      planOf(text, [`noise.source={ kind: npy, dir: "${dir}" }`, 'dataset.test=41']),
    ).rejects.toThrow(DataError);
  });
});
