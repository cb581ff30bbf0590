import { existsSync, readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

import { describe, expect, it } from 'vitest';

import type { Event } from '../../../src/core/events.js';
import { liveClaims } from '../../../src/pipeline/lock.js';
import type { Task } from '../../../src/pipeline/stage.js';
import { Store } from '../../../src/pipeline/store.js';
import { verifyStore } from '../../../src/pipeline/verify.js';
import { bytes, Pipeline, sum, trouble } from '../../support/pipeline/harness.js';
import { startRun } from '../../support/pipeline/process.js';

const tasks: Task[] = [
  bytes('a', { count: 1000, pieces: 10, pauseMs: 15 }),
  bytes('b', { count: 4_000_000 }), // its digest and its way to the disk take a while
  sum('ab', ['a', 'b'], { steps: 10, pauseMs: 15 }),
  sum('a', ['a'], { steps: 5, pauseMs: 15 }),
];

async function untouched(): Promise<string[]> {
  const pipeline = await Pipeline.open();
  expect((await pipeline.run(tasks)).error).toBeUndefined();
  return pipeline.digests();
}

/** The store after any number of kills: whatever it holds is whole, and one more run completes it. */
async function expectWhole(pipeline: Pipeline, digests: readonly string[]): Promise<void> {
  const store = await Store.open(pipeline.root);
  expect((await verifyStore(store, new AbortController().signal)).damaged).toEqual([]);
  const last = await startRun(pipeline.root, tasks);
  expect(last.stderr).toBe('');
  expect(last.code).toBe(0);
  expect(await pipeline.digests()).toEqual(digests);
  await Store.open(pipeline.root);
  expect(await readdir(store.path('tmp'))).toEqual([]);
  expect((await liveClaims(store.locks)).size).toBe(0);
  expect(last.events.filter((event) => event.type === 'warning')).toEqual([]);
}

/** Kills the run so long after the first event of which `when` is true. */
async function killAfter(
  pipeline: Pipeline,
  when: (event: Event) => boolean,
  delayMs: number,
): Promise<void> {
  let isArmed = true;
  const { signal } = await startRun(pipeline.root, tasks, (event, child) => {
    if (!isArmed || !when(event)) return;
    isArmed = false;
    setTimeout(() => child.kill('SIGKILL'), delayMs);
  });
  expect(isArmed).toBe(false);
  expect([null, 'SIGKILL']).toContain(signal); // it may have been quicker
}

describe('a run killed with SIGKILL', { timeout: 180_000 }, () => {
  it('at any moment leaves a whole store, and the same command ends with the same outputs', async () => {
    const digests = await untouched();
    for (const delayMs of [0, 60, 150, 260, 400]) {
      const pipeline = await Pipeline.open();
      await killAfter(pipeline, (event) => event.type === 'run-started', delayMs);
      await expectWhole(pipeline, digests);
    }
  });

  it('again and again on one store does no more harm', async () => {
    const digests = await untouched();
    const pipeline = await Pipeline.open();
    for (let i = 0; i < 6; i++)
      await killAfter(pipeline, (event) => event.type === 'run-started', 100 + 50 * i);
    await expectWhole(pipeline, digests);
  });

  it('while a record is being published leaves no half of it', async () => {
    const digests = await untouched();
    for (const delayMs of [0, 4, 9, 16, 26]) {
      const pipeline = await Pipeline.open();
      const isWritten = (event: Event): boolean =>
        event.type === 'progress' && event.task === 'bytes/b' && event.done === event.total;
      await killAfter(pipeline, isWritten, delayMs);
      await expectWhole(pipeline, digests);
    }
  });

  it('in the middle of a stage goes on from its checkpoint', async () => {
    const digests = await untouched();
    const pipeline = await Pipeline.open();
    await killAfter(pipeline, (event) => event.type === 'progress' && event.stage === 'sum', 60);
    const { events } = await startRun(pipeline.root, tasks);
    const notes = events.flatMap((event) => (event.type === 'note' ? [event.text] : []));
    expect(notes.some((text) => text.startsWith('goes on at step '))).toBe(true);
    await expectWhole(pipeline, digests);
  });
});

it('a worker ends with its parent, even when a kernel blocks it', async () => {
  const pipeline = await Pipeline.open();
  let worker = 0;
  const ended = await startRun(pipeline.root, [trouble('blocked', { blockMs: 60_000 })], (event, child) => {
    if (event.type !== 'stage-started') return;
    setTimeout(() => {
      worker = Number(
        readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim().split(' ').at(-1),
      );
      child.kill('SIGKILL');
    }, 700);
  });
  expect(ended.signal).toBe('SIGKILL');
  expect(worker).toBeGreaterThan(0);
  for (let waited = 0; existsSync(`/proc/${worker}`) && waited < 5000; waited += 100) await sleep(100);
  expect(existsSync(`/proc/${worker}`)).toBe(false);
});

it('SIGINT ends a run with 130, and the same command goes on', async () => {
  const pipeline = await Pipeline.open();
  const stopped = await startRun(pipeline.root, tasks, (event, child) => {
    if (event.type === 'progress' && event.task === 'bytes/a') child.kill('SIGINT');
  });
  expect(stopped.code).toBe(130);
  expect(stopped.events.at(-1)).toMatchObject({ type: 'run-cancelled', resume: 'the same command' });
  await expectWhole(pipeline, await untouched());
});
