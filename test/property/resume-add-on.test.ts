import { join } from 'node:path';

import { expect, it } from 'vitest';

import { shapes } from '../../src/datasets/shapes/dataset.js';
import { Rng } from '../../src/core/rng.js';
import { buildAddOn } from '../../src/environment/add-on.js';
import { stylerOf } from '../../src/environment/style.js';
import { trainAddOn } from '../../src/environment/training.js';
import { moduleTensors } from '../../src/nn/checkpoint.js';
import { testEngine } from '../support/engine.js';
import { smallAllConvNet } from '../support/networks.js';
import { tempFolder } from '../support/temp-folder.js';

const engine = await testEngine();
const { train, test } = await shapes.read('', { train: 40, test: 30, seed: 1, size: 32 });
const settings = {
  steps: 120, // checkpoints behind 50 and 100
  batch: 6,
  failureShare: 0.34,
  learningRate: 0.01,
  weightDecay: 1e-4,
  statisticsBatch: 25,
};

/** Stops in the middle of the given step. @returns the add-on's arrays and what was said */
async function run(folder: string, stopAt = Infinity) {
  const controller = new AbortController();
  const addOn = buildAddOn(engine, smallAllConvNet(engine), 'depthwise', new Rng(1, 'weights'), 4);
  const notes: string[] = [];
  const history = await trainAddOn({
    engine,
    addOn,
    settings,
    styler: stylerOf(engine, 'swap', { model: undefined, unlabeled: test.images, edges: [1, 8] }),
    train,
    failures: { images: test.images, labels: test.labels },
    unlabeled: test.images,
    rng: new Rng(1, 'add-on'),
    checkpoint: join(folder, 'steps.safetensors'),
    signal: controller.signal,
    emit: (event) => {
      if (event.type === 'note') notes.push(event.text);
      if (event.type === 'progress' && event.unit === 'steps' && event.done >= stopAt) controller.abort();
    },
  });
  return { history, notes, arrays: await moduleTensors(engine, addOn.module) };
}

it('training of an add-on that is stopped and goes on ends with the same numbers', async () => {
  const straight = await run(await tempFolder());
  expect(straight.history.map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
  const folder = await tempFolder();
  await expect(run(folder, 73)).rejects.toThrow('aborted');
  const resumed = await run(folder);
  expect(resumed.notes).toEqual(['goes on after step 50']);
  expect(resumed.history).toEqual(straight.history);
  expect([...resumed.arrays]).toEqual([...straight.arrays]);
});
