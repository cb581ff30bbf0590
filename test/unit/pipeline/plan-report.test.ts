import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { planText } from '../../../src/commands/plan.js';
import { differences } from '../../../src/pipeline/alike.js';
import { planKeys } from '../../../src/pipeline/key.js';
import { type PlanLine, reportPlan } from '../../../src/pipeline/plan-report.js';
import type { Task } from '../../../src/pipeline/stage.js';
import { bytes, kernel, Pipeline, sum } from '../../support/pipeline/harness.js';
import { stages } from '../../support/pipeline/stages.mjs';

const withEngine: Task = { ...kernel('k'), inputs: { sum: 'sum/a' } };
const tasks = [bytes('a'), sum('a', ['a']), withEngine, bytes('b'), sum('b', ['b'])];

async function planned(pipeline: Pipeline, list: readonly Task[]): Promise<string> {
  const lines = await reportPlan(pipeline.keys(list), pipeline.store);
  return planText('test', lines)
    .replace(/about \d+\.\d s/g, 'about <time>')
    .replace(/ +/g, ' ');
}

describe('reportPlan', () => {
  it('of an empty store: all runs, for the first time', async () => {
    const pipeline = await Pipeline.open();
    expect(await planned(pipeline, tasks)).toBe(
      [
        'runs bytes/a no earlier record',
        'runs sum/a no earlier record',
        'runs kernel/k no earlier record',
        'runs bytes/b no earlier record',
        'runs sum/b no earlier record',
        '',
        'test: 5 stages, 0 kept, 5 to run, 5 without an earlier record',
      ].join('\n'),
    );
  });

  it('after a run: all is kept', async () => {
    const pipeline = await Pipeline.open();
    await pipeline.run(tasks);
    expect(await planned(pipeline, tasks)).toBe(
      'kept bytes/a\nkept sum/a\nkept kernel/k\nkept bytes/b\nkept sum/b\n\ntest: 5 stages, 5 kept, 0 to run',
    );
  });

  it('after a change: names the field with both values where it stands, and what follows', async () => {
    const pipeline = await Pipeline.open();
    await pipeline.run(tasks);
    const changed = [bytes('a', { count: 2000 }), ...tasks.slice(1)];
    expect(await planned(pipeline, changed)).toBe(
      [
        'runs bytes/a about <time> params.count: 1000 -> 2000',
        'runs sum/a about <time> follows bytes/a',
        'runs kernel/k about <time> follows sum/a',
        'kept bytes/b',
        'kept sum/b',
        '',
        'test: 5 stages, 2 kept, 3 to run, about <time> of work by earlier records',
      ].join('\n'),
    );
  });

  it('names of the producers only the last', async () => {
    const pipeline = await Pipeline.open();
    const twice = { ...withEngine, inputs: { sum: 'sum/a', bytes: 'bytes/a' } };
    await pipeline.run([bytes('a'), sum('a', ['a']), twice]);
    const text = await planned(pipeline, [bytes('a', { count: 2 }), sum('a', ['a']), twice]);
    expect(text.split('\n')[2]).toBe('runs kernel/k about <time> follows sum/a');
  });

  it('compares with the record of the same task even where another is more alike', async () => {
    const pipeline = await Pipeline.open();
    await pipeline.run(tasks);
    const changed = [bytes('a', { count: 2000, pieces: 2 }), bytes('b')];
    expect((await planned(pipeline, changed)).split('\n')[0]).toBe(
      'runs bytes/a about <time> params.count: 1000 -> 2000; params.pieces: nothing -> 2',
    );
  });

  it('knows no time from records of another kind of work', async () => {
    const pipeline = await Pipeline.open();
    await pipeline.run(tasks);
    const keyed = pipeline.keys([bytes('a', { count: 2000 }), bytes('c', { count: 2000 })]);
    const withKind = keyed.map((each) => ({ ...each, stage: { ...each.stage, kindOfWork: ['count'] } }));
    const times = async (list: typeof keyed) =>
      (await reportPlan(list, pipeline.store)).map(({ estimateMs }) => estimateMs !== undefined);
    expect(await times(keyed)).toEqual([true, true]);
    expect(await times(withKind)).toEqual([false, false]);
  });

  it('says what is damaged, and what was a hit of another input before', async () => {
    const pipeline = await Pipeline.open();
    const ran = await pipeline.run(tasks);
    await rm(join(ran.results!.get('bytes/b')!.folder, 'bytes.bin'));
    const other = { ...sum('a', ['a']), inputs: { a: 'bytes/b' } };
    const text = await planned(pipeline, [bytes('a'), bytes('b'), other]);
    expect(text.split('\n').slice(0, 3)).toEqual([
      'kept bytes/a',
      'runs bytes/b about <time> its record is damaged: bytes.bin is missing',
      'runs sum/a about <time> follows bytes/b',
    ]);
  });

  it('does not know what needs an engine that is not there', async () => {
    const pipeline = await Pipeline.open();
    await pipeline.run(tasks);
    const keyed = planKeys(tasks, stages, { seed: 1, engineId: undefined });
    const lines = await reportPlan(keyed, pipeline.store);
    expect(lines.map(({ task, state, key }) => [task, state, key === undefined])).toEqual([
      ['bytes/a', 'hit', false],
      ['sum/a', 'hit', false],
      ['kernel/k', 'unknown', true],
      ['bytes/b', 'hit', false],
      ['sum/b', 'hit', false],
    ]);
    expect(planText('test', lines)).toContain('1 unknown until the engine is set up');
  });

  it('writes nothing', async () => {
    const pipeline = await Pipeline.open();
    await rm(pipeline.root, { recursive: true });
    await planned(pipeline, tasks);
    expect(await pipeline.store.places()).toEqual([]);
    await expect(rm(pipeline.root)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

it('differences are found at any depth; lists count as one value', () => {
  const before = '{"a":{"b":1,"c":[1,2]},"d":null,"e":"x"}';
  const now = '{"a":{"b":2,"c":[1,3]},"d":null,"f":{"g":true}}';
  expect(differences(before, now)).toEqual([
    { path: 'a.b', before: 1, now: 2 },
    { path: 'a.c', before: [1, 2], now: [1, 3] },
    { path: 'e', before: 'x', now: undefined },
    { path: 'f.g', before: undefined, now: true },
  ]);
  expect(differences(now, now)).toEqual([]);
});

describe('planText', () => {
  const line = (task: string, more: Partial<PlanLine>): PlanLine => ({
    task,
    stage: task,
    key: undefined,
    state: 'run',
    follows: [],
    differences: [],
    damage: undefined,
    estimateMs: undefined,
    ...more,
  });
  const texts = (lines: readonly PlanLine[], counted: Record<string, number>): string[] =>
    planText('test', lines, new Map(Object.entries(counted)))
      .split('\n')
      .map((text) => text.replace(/ +/g, ' '));

  it('counts what has no record, from a minute on, and what was recorded at another scale', () => {
    const lines = [
      line('small', { estimateMs: 2000, follows: ['a', 'b', 'c', 'd', 'e', 'f', 'g'] }),
      line('same', { estimateMs: 3_600_000, follows: ['a'] }),
      line('gone', { estimateMs: 2000 }),
      line('new', {}),
      line('unknown', {}),
    ];
    expect(
      texts(lines, { small: 3_600_000, same: 1_800_000, gone: 3_600_000, new: 10 * 86_400_000 }),
    ).toEqual([
      'runs small some 1 h 0 min follows a, b, c, d, e and 2 others',
      'runs same about 1 h 0 min follows a',
      'runs gone about 2.0 s its record is gone',
      'runs new some 10 days no earlier record',
      'runs unknown no earlier record',
      '',
      'test: 5 stages, 0 kept, 5 to run, about 1 h 0 min of work by earlier records, 2 without an earlier record',
      'and some 10 days on two CPU cores, by a rough count of images and passes; a GPU takes a small part of it',
    ]);
    expect(texts([line('new', {})], { new: 59_000 })).toEqual([
      'runs new some 59 s no earlier record',
      '',
      'test: 1 stages, 0 kept, 1 to run, 1 without an earlier record',
    ]);
  });
});
