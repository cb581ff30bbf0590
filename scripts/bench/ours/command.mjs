import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { runPatchnas } from './run-patchnas.mjs';

/** The command line from start to end, in an empty folder. */
export async function make(spec) {
  const folder = await mkdtemp(join(tmpdir(), 'patchnas-bench-'));
  const round = () => runPatchnas(folder, spec.args);
  return { warm: round, round, close: () => rm(folder, { recursive: true }) };
}
