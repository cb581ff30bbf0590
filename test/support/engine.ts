import type { Engine } from '../../src/engine/engine.js';
import { findEngine } from '../../src/engine/engines.js';
import { openEngine } from '../../src/engine/load.js';
import { cacheDir } from './cache-dir.js';

/** TensorFlow on the CPU, from the engine that `npm test` has set up. One in a test process. */
export async function testEngine(): Promise<Engine> {
  return openEngine(testEngineDir());
}

export function testEngineDir(): string {
  const engine = findEngine(cacheDir, 'cpu');
  if (!engine) throw new Error(`no engine in ${cacheDir}: run \`npx patchnas setup --device cpu\` first`);
  return engine.dir;
}
