import { tmpdir } from 'node:os';

import { describe, expect, it } from 'vitest';

import { Rng } from '../../../src/core/rng.js';
import type { Network } from '../../../src/networks/network.js';
import { allArrays } from '../../../src/nn/parameter.js';
import { buildPatch, type Patch } from '../../../src/repair/patch.js';
import { trainPatch, type PatchSamples, type PatchTraining } from '../../../src/repair/patch-training.js';
import { sampleStructure } from '../../../src/repair/structure.js';
import { numbers } from '../../support/arrays.js';
import { testEngine } from '../../support/engine.js';
import { randomImages } from '../../support/images.js';
import { tinyNetwork } from '../../support/networks.js';

const engine = await testEngine();
const { tf } = engine;
const network = tinyNetwork(engine);
const structure = sampleStructure(new Rng(2, 'structure'), { nodes: 3, cells: 2, opsPerEdge: 'bernoulli' });
const makePatch = (): Patch => buildPatch(engine, new Rng(1, 'patch'), network, structure);

/** 24 noisy images of 4 classes, each of a brightness of its own; of each stage's samples the first are failures. */
const noise = randomImages(new Rng(1, 'images'), 24, 8, 8);
const samples: PatchSamples = {
  images: { ...noise, data: noise.data.map((v, i) => 40 * (1 + (Math.floor(i / 192) % 4)) + v / 8) },
  labels: Uint8Array.from({ length: 24 }, (_, n) => n % 4),
  stage: Uint8Array.from({ length: 24 }, (_, n) => n % 3),
  isFailure: Uint8Array.from({ length: 24 }, (_, n) => (n < 9 ? 1 : 0)),
};
const options = (more: Partial<PatchTraining> = {}): PatchTraining => ({
  epochs: 2,
  batch: 8,
  learningRate: 1e-2,
  failureShare: 0.25,
  memoryBytes: 1e9,
  scratchDir: tmpdir(),
  signal: new AbortController().signal,
  onStep: () => undefined,
  ...more,
});
const train = (
  patch: Patch,
  given = samples,
  more: Partial<PatchTraining> = {},
  subject: Network = network,
) => trainPatch(engine, subject, patch, given, new Rng(1, 'training'), options(more));
const values = (module: Parameters<typeof allArrays>[0]) =>
  allArrays(module).map(({ name, variable }) => [name, numbers(variable)]);

describe('training a patch', () => {
  it('lowers the loss, and leaves the network as it is', async () => {
    const frozen = values(network);
    const losses = await train(makePatch(), samples, { epochs: 40, learningRate: 3e-2 });
    expect(losses.length).toBe(40);
    expect(losses.at(-1)! / losses[0]!).toBeLessThan(0.7);
    expect(values(network)).toEqual(frozen);
  });

  it('takes every stage with samples in each epoch, and counts the steps', async () => {
    const seen: [number, number][] = [];
    await train(makePatch(), samples, { epochs: 2, onStep: (done, total) => seen.push([done, total]) });
    expect(seen).toEqual([1, 2, 3, 4, 5, 6].map((done) => [done, 6])); // 24 samples, batches of 8
    seen.length = 0;
    await train(makePatch(), samples, {
      epochs: 1,
      batch: 64,
      onStep: (done, total) => seen.push([done, total]),
    });
    expect(seen.at(-1)).toEqual([3, 3]); // one batch would hold all, but a batch is of one stage
  });

  it('touches ends and statistics only of the stages that have samples', async () => {
    const patch = makePatch();
    const before = new Map(values(patch) as [string, number[]][]);
    const stage = new Uint8Array(24).fill(1);
    await train(patch, { ...samples, stage }, { epochs: 3 });
    const changed = (values(patch) as [string, number[]][])
      .filter(([name, now]) => now.join() !== before.get(name)!.join())
      .map(([name]) => name);
    const ofOtherStages = /^(in|align)[13]\.|^stage[13]\./;
    expect(changed.filter((name) => ofOtherStages.test(name))).toEqual([]);
    expect(changed).toContain('in2.weight');
    expect(changed).toContain('align2.weight');
    expect(changed.filter((name) => name.startsWith('stage2.')).length).toBe(patch.buffers.length / 3);
  });

  it.each([
    ['failures alone', 1],
    ['clean samples alone', 0],
  ])('works with %s', async (_name, isFailure) => {
    const losses = await train(makePatch(), { ...samples, isFailure: new Uint8Array(24).fill(isFailure) });
    expect(losses.every((loss) => Number.isFinite(loss) && loss > 0)).toBe(true);
  });

  it('draws a quarter of each batch from the failures, as many as there are', async () => {
    // Images of failures and of others differ in a way that the loss shows: failures have a label that no other has.
    const labels = Uint8Array.from(samples.isFailure, (isFailure) => (isFailure === 1 ? 3 : 0));
    const stage = new Uint8Array(24).fill(2);
    const first = async (failureShare: number): Promise<number> => {
      const [loss] = await train(
        makePatch(),
        { ...samples, labels, stage },
        {
          epochs: 1,
          batch: 24,
          learningRate: 0,
          failureShare,
        },
      );
      return loss!;
    };
    // An untrained patch changes nothing: the loss is the mean over the drawn samples, linear in the share on average.
    const [all, most, none] = [await first(1), await first(0.5), await first(1 / 24)];
    expect(Math.abs(most - (all + none) / 2)).toBeLessThan(0.15 * Math.abs(all - none));
    expect(Math.abs(all - none)).toBeGreaterThan(0.1);
  });

  it('ends with the same bits wherever maps are kept, and counts the images that it keeps them of', async () => {
    const [inMemory, inFiles] = [makePatch(), makePatch()];
    const seen: number[] = [];
    const onImages = (done: number, total: number): number => seen.push(done, total);
    expect(await train(inFiles, samples, { memoryBytes: 0, onImages })).toEqual(await train(inMemory));
    expect(values(inFiles)).toEqual(values(inMemory));
    expect(seen.slice(-2)).toEqual([48, 48]); // 24 images, as they are and mirrored
  });

  it('ends with the same bits for the same stream', async () => {
    const [one, other] = [makePatch(), makePatch()];
    expect(await train(one)).toEqual(await train(other));
    expect(values(one)).toEqual(values(other));
  });

  it.each([1e9, 0])('leaves nothing behind with %d bytes for maps', async (memoryBytes) => {
    const patch = makePatch();
    const before = tf.memory().numTensors;
    await train(patch, samples, { memoryBytes });
    expect(tf.memory().numTensors).toBe(before);
  });

  it('stops when it is cancelled', async () => {
    const controller = new AbortController();
    const onStep = (done: number): void => {
      if (done === 2) controller.abort();
    };
    await expect(train(makePatch(), samples, { signal: controller.signal, onStep })).rejects.toThrow(
      'This operation was aborted',
    );
  });
});
