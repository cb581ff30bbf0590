import { afterEach, expect, it } from 'vitest';

import type { Job } from '../../../src/pipeline/messages.js';
import { WorkerPool } from '../../../src/pipeline/worker-pool.js';
import { kernel, workerUrl } from '../../support/pipeline/harness.js';
import { tempFolder } from '../../support/temp-folder.js';

let pool: WorkerPool;
afterEach(() => pool.close());

async function runOne(kind: 'engine' | 'plain'): Promise<number> {
  const outputDir = await tempFolder();
  const job: Job = {
    ...kernel('a'),
    task: 'kernel/a',
    inputs: {},
    outputDir,
    checkpointDir: await tempFolder(),
    seed: 1,
    stream: undefined,
    runtime: { files: {}, cores: 1, memoryBytes: 1e9 },
  };
  const worker = pool.take(kind);
  await worker.run(job, `${outputDir}.log`, () => undefined, new AbortController().signal);
  pool.give(kind, worker);
  return worker.pid;
}

it('workers are used again, those with an engine apart from the others', async () => {
  pool = new WorkerPool(workerUrl);
  const [engine, plain] = [await runOne('engine'), await runOne('plain')];
  expect(plain).not.toBe(engine);
  expect(await runOne('engine')).toBe(engine);
  expect(await runOne('plain')).toBe(plain);
});

it('a worker that holds too much memory is replaced', async () => {
  pool = new WorkerPool(workerUrl, 1_000_000);
  expect(await runOne('plain')).not.toBe(await runOne('plain'));
});
