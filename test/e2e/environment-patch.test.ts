import { readFile } from 'node:fs/promises';

import { expect, it } from 'vitest';

import { cacheDir } from '../support/cache-dir.js';
import { Rig } from '../support/rig.js';
import { tempFolder } from '../support/temp-folder.js';

const experiment = `name: add-ons
repeats: 1
dataset: { name: shapes, train: 256, test: 40 }
network: { name: allconvnet, width: 0.05, pretrain: { epochs: 2 } }
noise:
  types: [gaussian_noise]
  severities: [1, 3, 5]
  shifts:
    half-clean: { noises: [gaussian_noise], unlabeled: { clean: 0.5 } }
    fog-later: { noises: [fog], unlabeled: { noises: [gaussian_noise], severities: [2], samples: 20 } }
split: { failures: 10, groupBy: image }
environmentPatch:
  environmentGate: { steps: 20 }
  environmentModel: { steps: 3, cleanBatch: 8, noisyBatch: 8 }
  training: { steps: 4, batch: 16 }
  variants:
    always: { gate: always }
    confidence: { gate: confidence }
    oracle: { gate: oracle }
    norms: { addon: batchnorm }
    low-rank: { addon: low-rank }
    all: { addon: all }
    swap: { style: swap }
    unstyled: { style: none }
    unlabeled: { labels: none }
    true-noise: { style: oracle }
methods: [environment-patch, original]
`;
const run = 'run add-ons.yaml --offline --store store --out out --renderer plain';

it('environment-patch and its variants are rows of one experiment', { timeout: 300_000 }, async () => {
  const rig = Rig.at(await tempFolder());
  await rig.write({ 'add-ons.yaml': experiment });
  const env = { PATCHNAS_CACHE: cacheDir };
  const first = await rig.run(run, { env });
  expect([first.code, first.code === 0 ? '' : first.stderr]).toEqual([0, '']);
  const table = (await readFile(rig.path('out', 'table-4.csv'), 'utf8')).trimEnd().split('\n');
  const [head, ...all] = table.map((row) => row.split(','));
  const rows = all.filter((row) => row[head!.indexOf('environment')] === 'gaussian_noise');
  const column = (name: string) => rows.map((row) => row[head!.indexOf(name)]!);
  expect(column('method')).toEqual([
    'environment-patch',
    ...[
      ...['always', 'confidence', 'oracle', 'norms', 'low-rank', 'all', 'swap', 'unstyled'],
      ...['unlabeled', 'true-noise'],
    ].map((name) => `environment-patch-${name}`),
    'original',
  ]);
  const sent = Object.fromEntries(
    column('method').map((name, i) => [name, Number(column('transferred_parameters_mean')[i])]),
  );
  // 75 channels: 9 numbers of a filter and 2 of a norm each; 2 x 25 features and a bias of the gate.
  expect(sent['environment-patch']).toBe(75 * 11 + 51);
  expect(sent['environment-patch-always']).toBe(75 * 11);
  expect(sent['environment-patch-norms']).toBe(75 * 2 + 51);

  const figures = rig.path('out', 'figures');
  const looks = await readFile(`${figures}/environment-looks-gaussian_noise.svg`, 'utf8');
  expect(looks.match(/<image /g)!.length).toBe(24);
  expect((await readFile(`${figures}/environment-bands-gaussian_noise.svg`, 'utf8')).slice(0, 4)).toBe(
    '<svg',
  );
  const bands = (await readFile(`${figures}/environment-model.csv`, 'utf8')).trimEnd().split('\n');
  expect(bands.length).toBe(1 + 3 * 6 * 3 * 6); // environments, components, channels, bands
  expect(await readFile(rig.path('out', 'report.html'), 'utf8')).toContain(
    'as the environment model has them',
  );

  // With another D_u, the environments are rows of table 2, and what they are is told.
  const shifted = (await readFile(rig.path('out', 'table-2.csv'), 'utf8')).trimEnd().split('\n').slice(1);
  expect([...new Set(shifted.map((row) => row.split(',')[3]))]).toEqual(['half-clean', 'fog-later']);
  const text = (await rig.run('tables out', { env })).stdout.replaceAll(/\s+/g, ' ');
  expect(text).toContain('half-clean: gaussian_noise; D_u is clean by 50 %');
  expect(text).toContain('fog-later: fog; D_u has 20 images, is of gaussian_noise, is of severity 2');

  const advice = await rig.run('advise out', { env });
  expect(advice.code).toBe(0);
  expect(advice.stdout).toContain('What each method gives and costs, gaussian_noise');

  const again = await rig.run(run, { env });
  expect(again.code).toBe(0);
  expect(again.stderr).toContain('0 ran');
  // Another threshold trains nothing again.
  const changed = await rig.run(`${run} --set environmentPatch.quantile=0.9`, { env });
  expect(changed.code).toBe(0);
  expect(changed.stderr.match(/^\[.*\] (?:add-on|environment)\S* started/gm)).toBeNull();
});
