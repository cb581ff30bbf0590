import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { networks } from '../../../src/networks/index.js';
import type { ReportRecord } from '../../../src/stages/report.js';
import type { TrainRecord } from '../../../src/stages/train.js';
import { jsonOf, numbersOf } from '../../support/artifacts.js';
import { writeImage } from '../../support/image-sets.js';
import { planOf, runPlan, type Produced } from '../../support/stage-run.js';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'patchnas-networks-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** Six classes of 64 x 64 pixels. */
async function writeImages(folder: string): Promise<string> {
  for (const [half, count] of [['train', 6] as const, ['test', 4] as const])
    for (let label = 0; label < 6; label++)
      for (let i = 0; i < count; i++)
        await writeImage(folder, `${half}/class-${label}/${i}.png`, { height: 64, width: 64 });
  return folder;
}

const cases: Record<Exclude<(typeof networks)[number]['name'], 'allconvnet'>, string> = {
  'wrn-40-2': 'width: 0.1, blocks: 1',
  'densenet-bc-100-12': 'width: 0.25, layers: 2',
  'mobilenet-v2': 'width: 0.1',
};

describe.each(Object.entries(cases))('a repair of %s, in small', (name, settings) => {
  const at = 'gaussian_noise/r0';
  const { stages } = networks.find((entry) => entry.name === name)!;
  let produced: Map<string, Produced>;
  beforeAll(async () => {
    const folder = name === 'mobilenet-v2' ? await writeImages(join(root, 'images')) : '';
    const dataset =
      folder === '' ? '{ name: shapes, train: 96, test: 30 }' : `{ name: image-folder, root: ${folder} }`;
    const text = `name: small
repeats: 1
dataset: ${dataset}
network: { name: ${name}, ${settings}, pretrain: { epochs: 1, batch: 16 } }
noise: { types: [gaussian_noise], severities: [1, 3, 5] }
split: { failures: 5 }
gate: { sigma: { quantile: 0.5 } }
probe: { epochs: 1 }
search: { candidates: 2, steps: 2, batch: 8, scoreSamples: 4, nodes: 3 }
train: { epochs: 1 }
methods: [patchnas, original]
`;
    const plan = await planOf(text);
    const files = { [plan.datasetDigest]: folder };
    produced = await runPlan(plan, join(root, name), { runtime: { files } });
  }, 120_000);

  it('has Fisher information, scores and training samples of every stage', async () => {
    const fisher = await numbersOf<Float32Array>(produced.get(`localize/${at}`)!, 'fisher.npy');
    expect(fisher.length % stages).toBe(0);
    expect(fisher.every((value) => value >= 0 && Number.isFinite(value))).toBe(true);
    for (let i = 0; i < stages; i++)
      expect(fisher.some((value, k) => k % stages === i && value > 0)).toBe(true);
    const record = (await jsonOf(produced.get(`train/${at}`)!, 'train.json')) as TrainRecord;
    expect(record.perStage.length).toBe(stages);
    expect(record.losses.every(Number.isFinite)).toBe(true);
  });

  it('ends in tables', async () => {
    const { files } = (await jsonOf(produced.get('report')!, 'report.json')) as ReportRecord;
    expect(Object.keys(files)).toContain('table-1.csv');
  });
});
