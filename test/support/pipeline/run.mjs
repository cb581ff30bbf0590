/**
 * A whole run in a process of its own, so that a test can kill it: `node run.mjs STORE TASKS.json`.
 * Prints one event a line; the exit code is the error's.
 */
import { readFileSync } from 'node:fs';

import { planKeys } from '../../../dist/pipeline/key.js';
import { runTasks } from '../../../dist/pipeline/scheduler.js';
import { Store } from '../../../dist/pipeline/store.js';
import { stages } from './stages.mjs';

const [, , root, file] = process.argv;
const cancel = new AbortController();
process.on('SIGINT', () => cancel.abort());
try {
  const store = await Store.open(root);
  await runTasks({
    name: 'test',
    engine: 'none',
    resume: 'the same command',
    tasks: planKeys(JSON.parse(readFileSync(file, 'utf8')), stages, { seed: 1, engineId: { device: 'cpu' } }),
    seed: 1,
    store,
    workerUrl: new URL('./worker.mjs', import.meta.url),
    runtime: { files: {}, cores: 1, memoryBytes: 1e9 },
    jobs: 2,
    engineJobs: 1,
    emit: (event) => console.log(JSON.stringify(event)),
    signal: cancel.signal,
    keepGoing: false,
  });
} catch (error) {
  console.error(error);
  process.exitCode = error.exitCode ?? 1;
}
