import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { beforeAll, describe, expect, it } from 'vitest';

import { DataError, formatError } from '../../../src/core/errors.js';
import { Rng } from '../../../src/core/rng.js';
import { readSafetensors, writeSafetensors } from '../../../src/core/safetensors.js';
import { forwardFrom } from '../../../src/networks/network.js';
import { flipAndCrop } from '../../../src/nn/augment.js';
import { labelTensor, toTensor } from '../../../src/nn/batch.js';
import { moduleTensors, saveModule } from '../../../src/nn/checkpoint.js';
import { dropoutFrom } from '../../../src/nn/dropout.js';
import { predictedFromLogits } from '../../../src/nn/metrics.js';
import { dataset } from '../../../src/stages/dataset.js';
import { buildNetwork, networkMetadata } from '../../../src/stages/network-file.js';
import { observe } from '../../../src/stages/observe.js';
import { pretrain } from '../../../src/stages/pretrain.js';
import { jsonOf, numbersOf } from '../../support/artifacts.js';
import { testEngine } from '../../support/engine.js';
import { planOf, runStage, tinyExperiment, type Produced } from '../../support/stage-run.js';
import { tempFolder } from '../../support/temp-folder.js';

const engine = await testEngine();
const normalisation = { mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] };
const description = { network: { name: 'allconvnet', params: { width: 0.05, dropout: 0.5 } }, classes: 10 };
const digest = 'ab'.repeat(32);

/** A weights file of a network, given to the stage under a digest. */
async function fromFile(
  width: number,
  metadata: Record<string, string>,
): Promise<Produced & { path: string }> {
  const folder = await tempFolder();
  const path = join(folder, 'given.safetensors');
  const given = { ...description, network: { name: 'allconvnet', params: { width, dropout: 0.5 } } };
  const network = await buildNetwork(engine, given, normalisation, new Rng(7, 'given'));
  await saveModule(engine, path, network, metadata);
  const done = await runStage(pretrain, join(folder, 'pretrain'), {
    params: { ...description, source: { kind: 'file', sha256: digest } },
    runtime: { files: { [digest]: path } },
  });
  return { ...done, path };
}

describe('weights from a file', () => {
  it('are taken as they are, with their normalisation and what is needed to open them again', async () => {
    const other = { mean: [0.4, 0.5, 0.6], std: [0.2, 0.25, 0.5] };
    const done = await fromFile(0.05, { normalisation: JSON.stringify(other), note: 'by hand' });
    const written = await readSafetensors(join(done.folder, 'network.safetensors'));
    expect(written.tensors).toEqual((await readSafetensors(done.path)).tensors);
    expect(written.metadata).toEqual(networkMetadata(description, other));
    expect(await jsonOf(done, 'history.json')).toEqual([]);
  });

  it('of another width are refused by name and shape', async () => {
    const error: unknown = await fromFile(0.1, { normalisation: JSON.stringify(normalisation) }).catch(
      (caught: unknown) => caught,
    );
    expect(error).toBeInstanceOf(DataError);
    const lines = formatError(error).split('\n');
    expect(lines.slice(0, 3)).toEqual([
      'PN324 the weights do not fit the network:',
      '  features.0.weight is [10, 3, 3, 3] but the network has [5, 3, 3, 3]',
      '  features.0.bias is [10] but the network has [5]',
    ]);
    expect(lines.length).toBe(1 + 9 * 6 + 1 + 2); // nine blocks of six arrays, the head's weight, place and cure
  });

  it('without a normalisation are refused', async () => {
    await expect(fromFile(0.05, {})).rejects.toThrow(
      'the weights file does not say how its images are normalised',
    );
  });
});

describe('training', () => {
  let data: Produced;
  beforeAll(async () => {
    const plan = await planOf(tinyExperiment, ['dataset.train=100']);
    const folder = await mkdtemp(join(tmpdir(), 'patchnas-pretrain-'));
    data = await runStage(dataset, folder, {
      params: plan.tasks.find(({ id }) => id === 'dataset')!.params,
      runtime: { files: { [plan.datasetDigest]: '' } },
    });
    return () => rm(folder, { recursive: true, force: true });
  });

  it('takes a step an epoch where there are fewer images than a batch, and moves every weight', async () => {
    const source = { kind: 'train', epochs: 2, batch: 128, learningRate: 0.1, weightDecay: 5e-4 };
    const done = await runStage(pretrain, join(await tempFolder(), 'pretrain'), {
      params: { ...description, source },
      inputs: { dataset: data },
    });
    const steps = done.events.filter((event) => event.type === 'progress');
    expect(steps.map(({ done: n, total, label }) => [n, total, label])).toEqual([
      [1, 2, 'epoch 1/2'],
      [2, 2, 'epoch 2/2'],
    ]);
    const fresh = await buildNetwork(
      engine,
      description,
      normalisation,
      new Rng(1, 'pretrain').child('weights'),
    );
    const { tensors } = await readSafetensors(join(done.folder, 'network.safetensors'));
    for (const [name, { data: before }] of await moduleTensors(engine, fresh))
      if (name.endsWith('.weight')) expect(tensors.get(name)!.data).not.toEqual(before);
  });

  /** One step an epoch. */
  const withRate = async (learningRate: number, folder: string) =>
    runStage(pretrain, join(folder, 'pretrain'), {
      params: {
        ...description,
        source: { kind: 'train', epochs: 3, batch: 128, learningRate, weightDecay: 0 },
      },
      inputs: { dataset: data },
      checkpointDir: join(folder, 'checkpoint'),
    });

  it('tells loss and accuracy of each epoch, of the answers that its own steps gave', async () => {
    const folder = await tempFolder();
    const done = await withRate(1e-9, folder); // the weights stay as they were drawn
    const history = (await jsonOf(done, 'history.json')) as { loss: number; accuracy: number }[];
    const rng = new Rng(1, 'pretrain');
    const network = await buildNetwork(engine, description, normalisation, rng.child('weights'));
    const images = { shape: [100, 32, 32, 3], data: await numbersOf<Uint8Array>(data, 'train-images.npy') };
    const labels = await numbersOf<Uint8Array>(data, 'train-labels.npy');
    const expected = [0, 1, 2].map((epoch) => {
      const order = rng.child(`order/${epoch}`).permutation(100);
      const x = toTensor(engine, flipAndCrop(images, order, rng.child(`augment/${epoch}`)), normalisation);
      const dropout = dropoutFrom(rng.child(`dropout/${epoch}`));
      const logits = forwardFrom(network, x, 0, { training: true, dropout });
      const target = Array.from(order, (n) => labels[n]!);
      const predicted = predictedFromLogits(logits.dataSync<'float32'>(), 10);
      return {
        loss: engine.kernels.meanCrossEntropy(logits, labelTensor(engine, target)).dataSync()[0]!,
        accuracy: target.filter((label, n) => predicted[n] === label).length / 100,
      };
    });
    expect(history.map(({ accuracy }) => accuracy)).toEqual(expected.map(({ accuracy }) => accuracy));
    history.forEach(({ loss }, epoch) => {
      expect(loss).toBeCloseTo(expected[epoch]!.loss, 5);
    });
    const metrics = done.events.flatMap((event) => (event.type === 'metric' ? [event] : []));
    expect(metrics.map(({ name, value, step }) => [name, value, step])).toEqual(
      history.flatMap(({ loss, accuracy }, k) => [
        ['training accuracy', accuracy, k + 1],
        ['loss', loss, k + 1],
      ]),
    );
  });

  it('whose loss is not finite ends with step and rate, and keeps the last good checkpoint', async () => {
    const folder = await tempFolder();
    const error: unknown = await withRate(1e30, folder).catch((caught: unknown) => caught);
    const checkpoint = join(folder, 'checkpoint', 'epoch.safetensors');
    expect(formatError(error)).toBe(
      'PN510 the loss became NaN\n' +
        '  at step 1, learning rate 7.50e+29\n' +
        '  Lower the learning rate or check the weights that training starts from.\n' +
        `  The weights after epoch 1 are in ${checkpoint}`,
    );
    const { tensors, metadata } = await readSafetensors(checkpoint);
    expect((JSON.parse(metadata['history']!) as unknown[]).length).toBe(1);
    for (const [name, { data: values }] of tensors)
      expect([name, values.every((value) => Number.isFinite(value))]).toEqual([name, true]);
    expect(await readdir(join(folder, 'pretrain'))).toEqual([]);
  });

  it('that ends an epoch with infinite weights writes neither checkpoint nor result', async () => {
    const folder = await tempFolder();
    await expect(withRate(1e39, folder)).rejects.toThrow('weights became infinite or NaN');
    expect(await readdir(join(folder, 'checkpoint'))).toEqual([]);
    expect(await readdir(join(folder, 'pretrain'))).toEqual([]);
  });

  it('is what observe then sees: its accuracy can be demanded', async () => {
    const network = await fromFile(0.05, { normalisation: JSON.stringify(normalisation) });
    const look = async (expected: { value: number; within: number } | null) =>
      runStage(observe, join(await tempFolder(), 'observe'), {
        params: { images: 'test', probes: false, expect: expected },
        inputs: { pretrain: network, dataset: data },
      });
    const seen = await look(null);
    const logits = await numbersOf<Float32Array>(seen, 'logits.npy');
    expect(logits.length).toBe(400);
    expect((await numbersOf<Float32Array>(seen, 'features.npy')).length).toBe(0);
    const labels = await numbersOf<Uint8Array>(data, 'test-labels.npy');
    const right = labels.filter((label, n) => {
      const row = logits.subarray(n * 10, n * 10 + 10);
      return row.indexOf(Math.max(...row)) === label;
    }).length;
    await look({ value: right / 40, within: 0.001 });
    const error: unknown = await look({ value: 0.93, within: 0.01 }).catch((caught: unknown) => caught);
    expect(formatError(error)).toBe(
      `PN326 the network's clean accuracy is ${(right / 40).toFixed(4)}, expected 0.93 within 0.01\n` +
        '  Check that weights, width and normalisation belong together, or correct network.expect.cleanAccuracy.',
    );
  });

  it('refuses a checkpoint of another network', async () => {
    const folder = await tempFolder();
    const checkpointDir = join(folder, 'checkpoint');
    const run = () =>
      runStage(pretrain, join(folder, 'pretrain'), {
        params: {
          ...description,
          source: { kind: 'train', epochs: 1, batch: 128, learningRate: 0.1, weightDecay: 0 },
        },
        inputs: { dataset: data },
        checkpointDir,
      });
    await run();
    const { tensors, metadata } = await readSafetensors(join(checkpointDir, 'epoch.safetensors'));
    tensors.delete('classifier.bias');
    await writeSafetensors(join(checkpointDir, 'epoch.safetensors'), tensors, metadata);
    await expect(run()).rejects.toThrow('missing classifier.bias [10]');
  });
});
