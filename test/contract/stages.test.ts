import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { stages } from '../../src/stages/index.js';
import { stageEngine } from '../../src/stages/stage-engine.js';
import { testEngine, testEngineDir } from '../support/engine.js';
import { planOf, runPlan, tinyExperiment, type Produced } from '../support/stage-run.js';

let root: string;
let first: Map<string, Produced>;
let second: Map<string, Produced>;
/** Tensors after a whole run less tensors after the whole run before it. */
let kept: number;
const plan = await planOf(tinyExperiment, [
  'methods=[patchnas, patch-fixed-stage, environment-patch, finetune]',
]);
const tasksOf = (stage: string) => plan.tasks.filter((task) => task.stage === stage);

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'patchnas-stages-'));
  first = await runPlan(plan, join(root, 'first'));
  const { tf } = await testEngine();
  const { numTensors } = tf.memory();
  second = await runPlan(plan, join(root, 'second'), { runtime: { cores: 3, memoryBytes: 1e6 } });
  kept = tf.memory().numTensors - numTensors;
}, 300_000);
afterAll(() => rm(root, { recursive: true, force: true }));

it('names are all different, and the plan has tasks of every stage', () => {
  expect(new Set(stages.map(({ name }) => name)).size).toBe(stages.length);
  expect([...new Set(plan.tasks.map(({ stage }) => stage))].sort()).toEqual(
    stages.map(({ name }) => name).sort(),
  );
});

describe.each(stages.map((stage) => ({ name: stage.name, stage })))('$name', ({ name, stage }) => {
  it('declares itself', () => {
    expect(name).toMatch(/^[a-z][a-z-]*$/);
    expect(stage.summary).toMatch(/^[^\s.].*[^\s.]$/);
    expect(stage.version).toBeGreaterThanOrEqual(1);
    expect(stage.outputs.length).toBeGreaterThan(0);
    for (const { params } of tasksOf(name))
      for (const path of stage.kindOfWork ?? [])
        expect(
          path.split('.').reduce<unknown>((part, key) => Reflect.get(part as object, key), params),
        ).toEqual(expect.any(String));
  });

  it('writes the outputs that it declares and nothing else', () => {
    for (const { id } of tasksOf(name))
      expect(Object.keys(first.get(id)!.outputs)).toEqual([...stage.outputs].sort());
  });

  it('writes the same bytes again', () => {
    for (const { id } of tasksOf(name)) expect(second.get(id)!.outputs).toEqual(first.get(id)!.outputs);
  });

  it('counts its progress up to the whole, unit by unit', () => {
    for (const { id } of tasksOf(name)) {
      const steps = first.get(id)!.events.filter((event) => event.type === 'progress');
      for (const { done, total } of steps) {
        expect(Number.isInteger(done) && done > 0 && done <= total).toBe(true);
      }
      const last = steps.at(-1);
      if (last) expect(last.done).toBe(last.total);
    }
  });
});

it('a stage leaves nothing but its networks, and these only until the next one', async () => {
  const { tf } = await testEngine();
  expect(kept).toBe(0);
  const opened = tf.memory().numTensors;
  await stageEngine({ runtime: { engineDir: testEngineDir(), files: {}, cores: 1, memoryBytes: 0 } });
  expect(tf.memory().numTensors).toBeLessThan(opened);
});
