import { expect, it } from 'vitest';

import { loadExperiment } from '../../../src/experiment/load.js';
import { planExperiment } from '../../../src/experiment/plan.js';
import { roughTimes } from '../../../src/experiment/rough-times.js';
import { referenceStepSeconds } from '../../../src/networks/reference-times.js';

const counts = { train: 50_000, test: 10_000, noisy: 10_000, width: 32 };

/** Hours of the stages of an experiment, each counted once per task. */
async function hours(config: string, ...sets: string[]): Promise<Record<string, number>> {
  const experiment = await loadExperiment(config, sets);
  const rough = roughTimes(experiment, counts);
  const found: Record<string, number> = {};
  for (const task of (await planExperiment(experiment)).tasks)
    found[task.stage] = (found[task.stage] ?? 0) + (rough(task) ?? 0) / 3_600_000;
  return found;
}

it('counts the training of a clean network: two networks, 100 epochs of 390.6 steps, three views', async () => {
  const { pretrain } = await hours('configs/cifar10-allconv.yaml');
  expect(pretrain).toBeCloseTo(
    (2 * 100 * (50_000 / 128) * referenceStepSeconds('allconvnet', 1)! * 3) / 3600,
    6,
  );
});

it('counts passes over the images, at any width', async () => {
  const [whole, quarter] = [
    await hours('configs/cifar10-allconv.yaml'),
    await hours('configs/cifar10-allconv.yaml', 'network.width=0.25'),
  ];
  for (const stage of ['pretrain', 'observe', 'probe', 'train', 'baseline', 'localize'])
    expect([stage, whole[stage]! / quarter[stage]!]).toEqual([stage, expect.closeTo(1.8 / 0.21, 6)]);
  expect(whole['corrupt']).toBe(quarter['corrupt']);
});

it('a method with three views takes three times as long, one that trains the head a third', async () => {
  const of = (method: string) => hours('configs/cifar10-allconv.yaml', `methods=[${method}]`);
  const plain = (await of('finetune'))['baseline']!;
  expect((await of('deeprepair'))['baseline']! / plain).toBeCloseTo(3, 6);
  expect((await of('head-only'))['baseline']! / plain).toBeCloseTo(1 / 3, 6);
});

it('says nothing of stages that pass few images', async () => {
  expect((await hours('configs/cifar10-allconv.yaml'))['gate']).toBe(0);
});

it('counts the add-on: its steps, and a pass over D_u', async () => {
  const found = await hours('configs/environment-patch.yaml', 'repeats=1', 'noise.types=[fog]');
  const image = referenceStepSeconds('allconvnet', 0.25)! / 128;
  expect(found['add-on']).toBeCloseTo((150 * 128 * image * 1.3 + (5000 * image) / 3) / 3600, 6);
  expect(found['observe']).toBeGreaterThan((30_000 * image) / 3 / 3600);
});
