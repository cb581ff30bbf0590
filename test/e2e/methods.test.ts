import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { labelOf, methods, type MethodEntry } from '../../src/baselines/index.js';
import { cacheDir } from '../support/cache-dir.js';
import { tempFolder } from '../support/temp-folder.js';
import { Rig } from '../support/rig.js';

/** Every method at the smallest size: half a minute on two idle cores. */
const experiment = `name: all-methods
repeats: 1
dataset: { name: shapes, train: 128, test: 40 }
network: { name: allconvnet, width: 0.05, pretrain: { epochs: 2 } }
noise: { types: [shot_noise], severities: [1, 3, 5] }
split: { failures: 10 }
probe: { epochs: 1 }
gate: { sigma: { quantile: 0.8 } }
search: { candidates: 2, steps: 2, batch: 8, scoreSamples: 8, nodes: 3 }
train: { epochs: 1 }
baseline: { steps: 2, batch: 16 }
environmentPatch:
  environmentGate: { steps: 20 }
  environmentModel: { steps: 3, cleanBatch: 8, noisyBatch: 8 }
  training: { steps: 4, batch: 16 }
methods: [${methods.map(({ name }) => name).join(', ')}]
`;

it('all methods run from training to tables of 80 columns', { timeout: 300_000 }, async () => {
  const rig = Rig.at(await tempFolder());
  await rig.write({ 'all.yaml': experiment });
  const run = 'run all.yaml --offline --store store --out out --renderer plain';
  const { code, stdout } = await rig.run(run, { env: { PATCHNAS_CACHE: cacheDir, COLUMNS: '80' } });
  expect(code).toBe(0);
  expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  const table = (await readFile(join(rig.path('out'), 'table-1.csv'), 'utf8')).trimEnd().split('\n');
  const rows = table.map((row) => row.split(','));
  const column = rows[0]!.indexOf('method');
  const named = [...new Set(rows.slice(1).map((row) => row[column]))];
  expect(named).toEqual(methods.map((entry: MethodEntry) => labelOf(entry)));
  const page = await readFile(join(rig.path('out'), 'report.html'), 'utf8');
  for (const name of named) expect(page).toContain(name);
});
