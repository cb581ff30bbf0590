import { readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { beforeAll, describe, expect, it } from 'vitest';

import { Rng } from '../../src/core/rng.js';
import type { ExperimentPlan } from '../../src/experiment/plan.js';
import { dataset } from '../../src/stages/dataset.js';
import { pretrain } from '../../src/stages/pretrain.js';
import { planOf, runStage, tinyExperiment, type Produced } from '../support/stage-run.js';
import { tempFolder } from '../support/temp-folder.js';

const epochs = 3;
const standard = await planOf(tinyExperiment, [`network.pretrain.epochs=${epochs}`]);
const augmix = (jensenShannon: boolean) =>
  planOf(tinyExperiment, [
    `network.pretrain={ recipe: augmix, epochs: ${epochs}, jensenShannon: ${String(jensenShannon)} }`,
  ]);
const find = (plan: ExperimentPlan, id: string) => plan.tasks.find((task) => task.id === id)!;

/** Trains in `folder`; stops in the middle of the steps in `stops`, one after the other, before it comes to its end. */
async function train(
  folder: string,
  plan: ExperimentPlan,
  seed: number,
  stops: readonly number[],
): Promise<{ result: Produced; notes: string[]; kept: string[] }> {
  const run = (name: string, stopAt = Infinity) => {
    const controller = new AbortController();
    return runStage(pretrain, join(folder, name), {
      params: find(plan, 'pretrain').params,
      inputs: { dataset: data },
      seed,
      stream: 'pretrain',
      signal: controller.signal,
      checkpointDir: join(folder, 'checkpoint'),
      onEvent: (event) => {
        if (event.type === 'progress' && event.done >= stopAt) controller.abort();
      },
    });
  };
  for (const [k, stop] of stops.entries()) {
    await expect(run(`stopped${k}`, stop)).rejects.toThrow('This operation was aborted');
    expect(await readdir(join(folder, `stopped${k}`))).toEqual([]); // nothing that a store could take for a result
  }
  const result = await run('whole');
  const notes = result.events.flatMap((event) => (event.type === 'note' ? [event.text] : []));
  return { result, notes, kept: await readdir(join(folder, 'checkpoint')) };
}

let data: Produced;
let folder: string;
beforeAll(async () => {
  folder = join(tmpdir(), `patchnas-resume-${process.pid}`);
  data = await runStage(dataset, join(folder, 'dataset'), {
    params: find(standard, 'dataset').params,
    runtime: { files: { [standard.datasetDigest]: '' } },
  });
  return () => rm(folder, { recursive: true, force: true });
});

// 256 images, batches of 128: two steps an epoch, six in all.
describe.each([
  ['standard, seed 0', standard, 0],
  ['standard, seed 1', standard, 1],
  ['augmix, seed 2', await augmix(false), 2],
  ['augmix with the Jensen-Shannon term, seed 1', await augmix(true), 1],
])('%s: training that is stopped and goes on', (_name, plan, seed) => {
  it('ends with the bytes of training without a stop', async () => {
    const straight = await train(await tempFolder(), plan, seed, []);
    expect(straight.notes).toEqual([]);
    const rng = new Rng(seed, 'property/resume');
    const stops = Array.from({ length: 2 }, () => 1 + rng.int(2 * epochs - 1)).sort();
    const stopped = await train(await tempFolder(), plan, seed, stops);
    expect({ stops, outputs: stopped.result.outputs }).toEqual({ stops, outputs: straight.result.outputs });
    const done = Math.floor(Math.max(...stops) / 2);
    expect(stopped.notes).toEqual(done > 0 ? [`goes on after epoch ${done}`] : []);
    expect(stopped.kept).toEqual(['epoch.safetensors']);
  });
});
