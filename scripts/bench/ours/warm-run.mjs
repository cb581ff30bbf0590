import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { runPatchnas } from './run-patchnas.mjs';

/** The whole method in seconds, on made-up images. */
const experiment = `name: small
repeats: 1
dataset: { name: shapes, train: 300, test: 60 }
network: { name: allconvnet, width: 0.05, pretrain: { epochs: 1 } }
noise: { types: [contrast], severities: [4], images: 50 }
split: { failures: 10 }
probe: { epochs: 1, samples: 128 }
search: { candidates: 3, steps: 2, batch: 16, scoreSamples: 5, nodes: 3, tasks: [rotation] }
train: { epochs: 1 }
`;

/** A run that finds every stage in its store, from the start of the command to its tables. */
export async function make() {
  const folder = await mkdtemp(join(tmpdir(), 'patchnas-bench-'));
  await writeFile(join(folder, 'small.yaml'), experiment);
  const round = () =>
    runPatchnas(folder, ['run', 'small.yaml', '--offline', '--store', 'store', '--renderer', 'plain']);
  await round();
  return { warm: round, round, close: () => rm(folder, { recursive: true }) };
}
