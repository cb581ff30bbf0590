import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { expect, test } from 'vitest';

import { trainingCurves } from '../../../src/stages/training-curves.js';
import { tempFolder } from '../../support/temp-folder.js';

test('histories of networks, probes and baselines, losses of patches', async () => {
  const folder = await tempFolder();
  const histories = {
    'pretrain/history.json': [{ epoch: 1, loss: 2, accuracy: 0.25 }],
    'pretrain/reseed/history.json': [],
    'probe/history.json': [{ epoch: 1, loss: 6 }],
    'baseline/finetune/fog/r2/history.json': [{ epoch: 1, loss: 3 }],
    'train/fog/r0/train.json': { losses: [1.5, 1] },
    'train/fog/r1/random/train.json': { losses: [1.25] },
  };
  for (const [file, value] of Object.entries(histories)) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), JSON.stringify(value));
  }
  const tasks = Object.keys(histories).map((file) => dirname(file));
  const curves = await trainingCurves({ input: (task, file) => join(folder, task, file) }, tasks);
  const shared = { environment: undefined, repeat: undefined, variant: undefined };
  expect(curves).toEqual([
    { ...shared, of: 'network', epochs: [{ epoch: 1, loss: 2, accuracy: 0.25 }] },
    { ...shared, of: 'network', variant: 'reseed', epochs: [] },
    { ...shared, of: 'probes', epochs: [{ epoch: 1, loss: 6 }] },
    { of: 'baseline', variant: 'finetune', environment: 'fog', repeat: 2, epochs: [{ epoch: 1, loss: 3 }] },
    { of: 'patch', variant: 'searched', environment: 'fog', repeat: 0, epochs: [{ loss: 1.5 }, { loss: 1 }] },
    { of: 'patch', variant: 'random', environment: 'fog', repeat: 1, epochs: [{ loss: 1.25 }] },
  ]);
});
