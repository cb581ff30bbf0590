import { describe, expect, it } from 'vitest';

import type { BaselineCode, Budget, Repaired } from '../../../src/baselines/baseline.js';
import { cutmixLoss } from '../../../src/baselines/cutmix.js';
import { methods, type MethodEntry } from '../../../src/baselines/index.js';
import { batchStatistics } from '../../../src/baselines/norms.js';
import { meanEntropy } from '../../../src/baselines/tent.js';
import type { StageEvent } from '../../../src/core/events.js';
import { Rng } from '../../../src/core/rng.js';
import { forwardFrom, type Network } from '../../../src/networks/network.js';
import { trainingMode } from '../../../src/networks/training-loss.js';
import { flipAndCrop } from '../../../src/nn/augment.js';
import { toTensor } from '../../../src/nn/batch.js';
import { moduleTensors } from '../../../src/nn/checkpoint.js';
import { applyCutMix } from '../../../src/nn/cutmix.js';
import { testEngine } from '../../support/engine.js';
import { randomImages } from '../../support/images.js';
import { tinyNetwork } from '../../support/networks.js';
import { tempFolder } from '../../support/temp-folder.js';

const engine = await testEngine();
const { tf } = engine;
const labelsOf = (count: number) => Uint8Array.from({ length: count }, (_, n) => n % 4);
const train = { images: randomImages(new Rng(1, 'train'), 40, 8, 8), labels: labelsOf(40) };
const failures = { images: randomImages(new Rng(1, 'failures'), 12, 8, 8), labels: labelsOf(12) };
const unlabeled = randomImages(new Rng(1, 'unlabeled'), 48, 8, 8);
const steps = 7; // passes of three steps, the last one is not whole

const entries: readonly MethodEntry[] = methods;
const tuned = entries.filter(({ recipe }) => recipe.kind === 'baseline' && recipe.form !== 'unlabeled');
const entryOf = (name: string) => entries.find((entry) => entry.name === name)!;

interface Done {
  readonly repaired: Repaired;
  readonly network: Network;
  readonly before: Arrays;
  readonly after: Arrays;
  readonly events: readonly StageEvent[];
}
type Arrays = ReadonlyMap<string, Float32Array>;

async function arraysOf(network: Network): Promise<Arrays> {
  const tensors = await moduleTensors(engine, network);
  return new Map([...tensors].map(([name, { data }]) => [name, Float32Array.from(data)]));
}

/** The method on a tiny network, with its default parameters and those given. */
async function repair(name: string, params: Record<string, unknown> = {}): Promise<Done> {
  const entry = entryOf(name);
  const code: BaselineCode = await entry.load!();
  const network = tinyNetwork(engine, 1);
  const before = await arraysOf(network);
  const events: StageEvent[] = [];
  const defaults = Object.fromEntries(
    Object.entries(entry.params.properties).map(([key, value]) => [
      key,
      (value as { default?: unknown }).default,
    ]),
  );
  const context = {
    engine,
    network,
    params: { ...defaults, ...params },
    rng: new Rng(1, 'baseline'),
    memoryBytes: 1e8,
    signal: new AbortController().signal,
    emit: (event: StageEvent) => void events.push(event),
  };
  const isBalanced = entry.recipe.kind === 'baseline' && entry.recipe.form === 'balanced';
  const budget: Budget = {
    length: { steps },
    learningRate: 0.05,
    batch: 16,
    trainSubset: 'all',
    failureShare: isBalanced ? 0.25 : 'pooled',
  };
  const checkpoint = `${await tempFolder()}/epoch.safetensors`;
  const repaired =
    'adapt' in code
      ? await code.adapt({ ...context, unlabeled })
      : await code.tune({ ...context, train, failures, budget, files: {}, checkpoint });
  return { repaired, network, before, after: await arraysOf(network), events };
}

const changed = ({ before, after }: Done): string[] =>
  [...before.keys()].filter((name) => !same(before.get(name)!, after.get(name)!)).sort();
const same = (a: Float32Array, b: Float32Array): boolean =>
  Buffer.from(a.buffer).equals(Buffer.from(b.buffer));
const norms = ['one.norm', 'two.norm', 'three.norm'];
const named = (parts: readonly string[]) =>
  norms.flatMap((norm) => parts.map((part) => `${norm}.${part}`)).sort();

describe.each(tuned.map(({ name }) => name))('%s', (name) => {
  it('does the same twice, spends the steps of the budget and says what it used', async () => {
    const [once, again] = [await repair(name), await repair(name)];
    for (const [array, values] of once.after) {
      expect([array, values.every(Number.isFinite)]).toEqual([array, true]);
      expect([array, same(values, again.after.get(array)!)]).toEqual([array, true]);
    }
    const progress = once.events.flatMap((event) =>
      event.type === 'progress' && event.unit === 'steps' ? [[event.done, event.total]] : [],
    );
    expect(progress).toEqual(Array.from({ length: steps }, (_, step) => [step + 1, steps]));
    expect(once.repaired.samples).toEqual({ failures: 12, training: 40, unlabeled: 0 });
    expect(once.repaired.history.map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
  });

  it('changes the last layer alone, or all', async () => {
    const done = await repair(name);
    const last = ['classifier.bias', 'classifier.weight'];
    expect(changed(done)).toEqual(name === 'head-only' ? last : [...done.before.keys()].sort());
    const count = done.repaired.parameters.trained;
    expect(count).toBe(name === 'head-only' ? 5 * 4 + 4 : 112 + 8 + 185 + 10 + 230 + 10 + 24);
    expect(done.repaired.parameters).toMatchObject({
      transferred: count,
      buffers: name === 'head-only' ? 0 : 28,
    });
  });
});

describe('cutmix', () => {
  it('of no batch is plain fine-tuning', async () => {
    const [none, plain] = [await repair('cutmix', { probability: 0 }), await repair('finetune')];
    for (const [name, values] of none.after) expect(same(values, plain.after.get(name)!)).toBe(true);
  });

  it('weighs both labels by their share of the image', () => {
    const network = tinyNetwork(engine, 1);
    const indices = Uint32Array.of(3, 8, 13, 22);
    const batch = { ...train, indices, epoch: 0, step: 5 };
    const mix = { partners: Uint32Array.of(1, 2, 3, 0), box: { top: 0, left: 2, bottom: 4, right: 8 } };
    const loss = tf.tidy(() => cutmixLoss(engine, network, batch, new Rng(4, 'x'), mix).dataSync()[0]!);
    const mixed = applyCutMix(flipAndCrop(train.images, indices, new Rng(4, 'x').child('augment/5')), mix);
    const logits = tf.tidy(() =>
      forwardFrom(
        tinyNetwork(engine, 1),
        toTensor(engine, mixed, network.normalisation),
        0,
        trainingMode(batch, new Rng(4, 'x')),
      ).arraySync(),
    );
    const own = Array.from(indices, (n) => train.labels[n]!);
    const entropy = (row: number[], label: number) =>
      Math.log(row.reduce((sum, value) => sum + Math.exp(value), 0)) - row[label]!;
    const share = 1 - (4 * 6) / 64;
    const expected = logits.map(
      (row, k) => share * entropy(row, own[k]!) + (1 - share) * entropy(row, own[mix.partners[k]!]!),
    );
    expect(loss).toBeCloseTo(expected.reduce((a, b) => a + b, 0) / 4, 5);
  });
});

describe('bn-adapt', () => {
  it('changes running statistics and nothing else', async () => {
    const done = await repair('bn-adapt');
    expect(changed(done)).toEqual(named(['running_mean', 'running_var']));
    expect(done.repaired).toEqual({
      samples: { failures: 0, training: 0, unlabeled: 48 },
      parameters: { trained: 0, transferred: 28, buffers: 0 },
      history: [],
    });
  });

  it('gives an image alone the answer that it has among those of D_u', async () => {
    const { network } = await repair('bn-adapt');
    tf.tidy(() => {
      const x = toTensor(engine, unlabeled, network.normalisation);
      const alone = forwardFrom(network, x, 0).dataSync();
      const among = forwardFrom(network, x, 0, batchStatistics).dataSync();
      // The running variance is the unbiased one: (n - 1) / n of it is the batch's, n = 48 * 4 * 4 at the least.
      alone.forEach((value, k) => expect(Math.abs(value - among[k]!)).toBeLessThan(2e-3));
      const untouched = forwardFrom(tinyNetwork(engine, 1), x, 0).dataSync();
      expect(Math.max(...alone.map((value, k) => Math.abs(value - untouched[k]!)))).toBeGreaterThan(0.02);
    });
  });
});

describe('tent', () => {
  it('changes scales, shifts and running statistics of the norms, and nothing else', async () => {
    const done = await repair('tent');
    expect(changed(done)).toEqual(named(['weight', 'bias', 'running_mean', 'running_var']));
    expect(done.repaired.samples).toEqual({ failures: 0, training: 0, unlabeled: 48 });
    expect(done.repaired.parameters).toEqual({ trained: 28, transferred: 56, buffers: 0 });
  });

  it('does the same twice', async () => {
    const [once, again] = [await repair('tent'), await repair('tent')];
    for (const [name, values] of once.after) expect(same(values, again.after.get(name)!)).toBe(true);
  });

  it('lowers the entropy of the answers', async () => {
    const { history } = (await repair('tent', { epochs: 8, learningRate: 0.02 })).repaired;
    expect(history.length).toBe(8);
    expect(history.at(-1)!.loss).toBeLessThan(history[0]!.loss - 0.01);
  });

  it('takes the mean of -sum p log p over the images', () => {
    const [sure, even] = [
      [Math.log(3), 0],
      [0, 0],
    ]; // 3/4 and 1/4; a half each
    const expected = (-0.75 * Math.log(0.75) - 0.25 * Math.log(0.25) + Math.log(2)) / 2;
    tf.tidy(() => {
      expect(meanEntropy(engine, tf.tensor2d([sure, even])).dataSync()[0]).toBeCloseTo(expected, 6);
    });
  });
});
