import { rename } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { cacheDir } from '../support/cache-dir.js';
import { Rig } from '../support/rig.js';
import { writeRandomWct2 } from '../support/wct2.js';

const experiment = `name: foreign-styles
repeats: 1
dataset: { name: shapes, train: 128, test: 40 }
network: { name: allconvnet, width: 0.05, pretrain: { epochs: 1 } }
noise: { types: [shot_noise], severities: [3, 5] }
split: { failures: 6 }
baseline:
  steps: 2
  batch: 4
  deeprepair: { clusters: 1, style: wct2, encoder: encoder.safetensors, decoder: decoder.safetensors }
methods: [original, deeprepair, deeprepair-balanced]
`;
const env = { PATCHNAS_CACHE: cacheDir, COLUMNS: '100' };
const line = 'run wct2.yaml --offline --store store --out out --renderer plain';

/** Weights are random, in the layout of the published ones: this shows that all of it runs, not what it is worth. */
it('deeprepair with the style wct2, from weights to tables', { timeout: 300_000 }, async () => {
  const rig = await Rig.open();
  await rig.write({ 'wct2.yaml': experiment });
  await writeRandomWct2(rig.folder);
  const first = await rig.run(line, { env });
  expect(first.code).toBe(0);
  expect(first.stdout.replaceAll(/\s+/g, ' ')).toContain(
    'deeprepair, deeprepair-balanced: styles are transferred by WCT2, with the weights that the experiment',
  );
  const resolved = await rig.read(join('out', 'resolved.yaml'));
  expect(resolved).toContain('    style: wct2\n    encoder: ../encoder.safetensors\n');

  // Weights are known by their bytes: nothing is made again for a file that was moved.
  await rename(rig.path('encoder.safetensors'), rig.path('moved.safetensors'));
  const moved = await rig.run(`${line} --set baseline.deeprepair.encoder=moved.safetensors`, { env });
  expect(moved.code).toBe(0);
  expect(moved.stderr).toContain('0 ran');
  // Other weights, here those of the other part, are another repair, which fails here for their shapes.
  const other = await rig.run(`${line} --set baseline.deeprepair.encoder=decoder.safetensors`, { env });
  expect(other.code).toBe(3);
  expect(other.stderr).toContain('missing conv0.weight [3, 3, 1, 1]');
});
