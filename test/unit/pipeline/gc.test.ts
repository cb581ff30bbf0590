import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { relative } from 'node:path';

import { describe, expect, it } from 'vitest';

import { collectGarbage } from '../../../src/pipeline/gc.js';
import { Claim } from '../../../src/pipeline/lock.js';
import { verifyStore } from '../../../src/pipeline/verify.js';
import { bytes, Pipeline, sum } from '../../support/pipeline/harness.js';

const dayMs = 86_400_000;
const signal = new AbortController().signal;

/** A store with three records, of which the one of bytes/a was last used ten days ago. */
async function store(): Promise<{ pipeline: Pipeline; keys: Map<string, string> }> {
  const pipeline = await Pipeline.open();
  const { results } = await pipeline.run([bytes('a'), bytes('b'), sum('b', ['b'])]);
  const old = new Date(Date.now() - 10 * dayMs);
  await utimes(results!.get('bytes/a')!.folder, old, old);
  return { pipeline, keys: new Map([...results!].map(([id, { record }]) => [id, record.key])) };
}

describe('collectGarbage', () => {
  const collect = async (pipeline: Pipeline, more: Partial<Parameters<typeof collectGarbage>[1]> = {}) => {
    const removed = await collectGarbage(pipeline.store, {
      keep: new Set(),
      unusedSinceMs: Date.now() - 5 * dayMs,
      isDryRun: false,
      ...more,
    });
    return removed.map(({ path }) => relative(pipeline.root, path));
  };
  const left = async (pipeline: Pipeline): Promise<string[]> =>
    (await pipeline.digests())
      .map((line) => line.split(' ')[0]!)
      .filter((id, i, all) => all.indexOf(id) === i);

  it('removes what was not used for so long, record and outputs together', async () => {
    const { pipeline, keys } = await store();
    const at = `bytes/${keys.get('bytes/a')}`;
    expect(await collect(pipeline, { isDryRun: true })).toEqual([at]);
    expect(await left(pipeline)).toEqual(expect.arrayContaining(['bytes/a', 'bytes/b', 'sum/b']));
    expect(await collect(pipeline)).toEqual([at]);
    expect((await left(pipeline)).sort()).toEqual(['bytes/b', 'sum/b']);
    const { events } = await pipeline.run([bytes('a'), bytes('b')]);
    expect(events.filter((event) => event.type === 'stage-started').map(({ task }) => task)).toEqual([
      'bytes/a',
    ]);
  });

  it('keeps what is named, and what a run has used since', async () => {
    const { pipeline, keys } = await store();
    expect(await collect(pipeline, { keep: new Set([keys.get('bytes/a')!]) })).toEqual([]);
    await pipeline.run([bytes('a')]);
    expect(await collect(pipeline)).toEqual([]);
  });

  it('removes old logs, events, checkpoints and damaged records as well', async () => {
    const { pipeline, keys } = await store();
    const old = new Date(Date.now() - 10 * dayMs);
    const others = [
      'checkpoints/sum/x',
      `checkpoints/sum/${keys.get('sum/b')}`,
      'damaged/x',
      'logs/x',
      'runs/x',
    ];
    for (const other of others) {
      await mkdir(pipeline.store.path(other), { recursive: true });
      await writeFile(pipeline.store.path(other, 'file'), '12345');
      await utimes(pipeline.store.path(other), old, old);
    }
    const removed = await collect(pipeline, { keep: new Set(keys.values()) });
    expect(removed).toEqual(others.filter((_, i) => i !== 1));
  });

  it('refuses while somebody writes', async () => {
    const { pipeline } = await store();
    const claim = await pipeline.store.claim({ stage: 'sum', key: 'a'.repeat(64) });
    await expect(collect(pipeline)).rejects.toMatchObject({ code: 'PN606', exitCode: 6 });
    await (claim as Claim).release();
    expect(await collect(pipeline)).toHaveLength(1);
  });
});

describe('verifyStore', () => {
  it('finds every damaged record and sets it aside', async () => {
    const { pipeline, keys } = await store();
    expect(await verifyStore(pipeline.store, signal)).toEqual({ whole: 3, damaged: [] });
    await writeFile(pipeline.store.path('sum', keys.get('sum/b')!, 'sum.json'), '0');
    const { whole, damaged } = await verifyStore(pipeline.store, signal);
    expect(whole).toBe(2);
    expect(damaged).toMatchObject([{ stage: 'sum', key: keys.get('sum/b') }]);
    expect(await pipeline.store.places()).toHaveLength(2);
  });

  it('can be stopped', async () => {
    const { pipeline } = await store();
    await expect(verifyStore(pipeline.store, AbortSignal.abort())).rejects.toThrow('aborted');
  });
});
