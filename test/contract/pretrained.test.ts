import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { sha256File } from '../../src/core/digest.js';
import { openDataset } from '../../src/datasets/index.js';
import { forwardFrom } from '../../src/networks/network.js';
import { pieces, rows, toTensor } from '../../src/nn/batch.js';
import { predictedClasses } from '../../src/repair/repaired-network.js';
import { openNetwork } from '../../src/stages/network-file.js';
import { cacheDir } from '../support/cache-dir.js';
import { testEngine } from '../support/engine.js';

const folder = 'results/pretrained';
const records = readdirSync(folder).filter((file) => file.endsWith('.json'));

it('has a deployed network and one of another seed', () => {
  expect(records).toHaveLength(2);
});

describe.each(records)('%s', (file) => {
  const record = JSON.parse(readFileSync(join(folder, file), 'utf8')) as {
    readonly weights: string;
    readonly sha256: string;
    readonly cleanAccuracy: number;
  };
  const path = join(folder, record.weights);

  it('names the weights beside it by their digest', async () => {
    expect(await sha256File(path)).toBe(record.sha256);
  });

  it('has the recorded accuracy on the real CIFAR-10 test set', async () => {
    const engine = await testEngine();
    const network = await openNetwork(engine, path);
    const cifar10 = await openDataset('cifar10');
    const data = await cifar10.find(cacheDir, {});
    expect(data, 'run `patchnas data fetch cifar10` first').toBeDefined();
    const { test } = await cifar10.read(data!, {});
    let right = 0;
    for (const [from, to] of pieces(test.labels.length, 250)) {
      const logits = engine.tf.tidy(() =>
        forwardFrom(network, toTensor(engine, rows(test.images, from, to), network.normalisation), 0),
      );
      const classes = await predictedClasses(engine, logits);
      logits.dispose();
      classes.forEach((predicted, k) => (right += predicted === test.labels[from + k] ? 1 : 0));
    }
    // Another processor may turn a few close answers.
    expect(Math.abs(right / test.labels.length - record.cleanAccuracy)).toBeLessThanOrEqual(0.0005);
  }, 180_000);
});
