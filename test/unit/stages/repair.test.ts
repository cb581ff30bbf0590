import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { predictedFromLogits } from '../../../src/nn/metrics.js';
import { decide, summedScores } from '../../../src/repair/gate.js';
import { resolveSigma } from '../../../src/repair/sigma.js';
import type { PatchStructure } from '../../../src/repair/structure.js';
import type { ReportRecord } from '../../../src/stages/report.js';
import type { TrainRecord } from '../../../src/stages/train.js';
import { jsonOf, numbersOf } from '../../support/artifacts.js';
import { planOf, runPlan, tinyExperiment, type Produced } from '../../support/stage-run.js';

/** What the stages of a whole tiny experiment hand to each other. */
let root: string;
let produced: Map<string, Produced>;
const at = 'gaussian_noise/r0';
const of = (task: string): Produced => produced.get(task)!;
const floats = (task: string, file: string) => numbersOf<Float32Array>(of(task), file);
const indices = (task: string, file: string) => numbersOf<Uint32Array>(of(task), file);
const bytes = (task: string, file: string) => numbersOf<Uint8Array>(of(task), file);
const classes = async (task: string) => predictedFromLogits(await floats(task, 'logits.npy'), 10);

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'patchnas-repair-'));
  produced = await runPlan(await planOf(tinyExperiment, ['gate.sigma.quantile=0.5']), root);
}, 300_000);
afterAll(() => rm(root, { recursive: true, force: true }));

describe('localize', () => {
  it('measures D_e, then as many clean training images that the network classifies rightly', async () => {
    const samples = await indices(`localize/${at}`, 'samples.npy');
    const failures = await indices(`split/${at}`, 'failures.npy');
    expect(samples.subarray(0, 10)).toEqual(failures);
    const normals = samples.subarray(10);
    expect(normals.length).toBe(10);
    const [predicted, labels] = [await classes('observe/train'), await bytes('dataset', 'train-labels.npy')];
    expect([...normals].every((n) => predicted[n] === labels[n])).toBe(true);
    const fisher = await floats(`localize/${at}`, 'fisher.npy');
    expect(fisher.length).toBe(60);
    expect(fisher.every((value) => value >= 0 && Number.isFinite(value))).toBe(true);
  });
});

describe('search', () => {
  it('takes the candidate with the best mean over the tasks', async () => {
    const record = (await jsonOf(of(`search/${at}`), 'search.json')) as {
      tasks: { name: string; chance: number; images: number }[];
      chosen: number;
      candidates: { index: number; parameters: number; accuracies: number[]; structure: PatchStructure }[];
    };
    expect(record.tasks.map(({ name, images }) => [name, images])).toEqual([
      ['rotation', 8],
      ['colorization', 8],
      ['jigsaw', 8],
    ]);
    const means = record.candidates.map(({ accuracies }) => accuracies.reduce((a, b) => a + b, 0) / 3);
    expect(record.candidates.length).toBe(3);
    expect(record.chosen).toBe(means.indexOf(Math.max(...means)));
    expect(await jsonOf(of(`search/${at}`), 'structure.json')).toEqual(
      record.candidates[record.chosen]!.structure,
    );
  });
});

describe('train', () => {
  it('resolves sigma over the clean training images that the gate has not learned from', async () => {
    const record = (await jsonOf(of(`train/${at}`), 'train.json')) as TrainRecord;
    const scores = await floats(`gate/${at}`, 'scores-train.npy');
    const learned = new Set((await indices(`localize/${at}`, 'samples.npy')).subarray(10));
    const sums = summedScores(scores, 3).filter((_, n) => !learned.has(n));
    expect(sums.length).toBe(246);
    expect(record.threshold).toBe(resolveSigma({ quantile: 0.5 }, sums));
    const triggered = decide(scores, 3, record.threshold).flagged.reduce((a, b) => a + b, 0);
    expect(record.triggered).toBe(triggered);
    expect(triggered).toBeGreaterThan(0);
    expect(record.failures).toBe(10);
    expect(record.perStage.reduce((a, b) => a + b, 0)).toBe(10 + triggered);
    expect(record.losses.length).toBe(2);
  });

  it('trains the searched structure, and for patch-random another one of like size', async () => {
    const searched = await jsonOf(of(`search/${at}`), 'structure.json');
    expect(await jsonOf(of(`train/${at}`), 'structure.json')).toEqual(searched);
    expect(await jsonOf(of(`train/${at}/random`), 'structure.json')).not.toEqual(searched);
    const [own, random] = (await Promise.all(
      [`train/${at}`, `train/${at}/random`].map((task) => jsonOf(of(task), 'train.json')),
    )) as [TrainRecord, TrainRecord];
    expect(Math.abs(random.parameters / own.parameters - 1)).toBeLessThan(0.1);
    expect(random.threshold).toBe(own.threshold);
  });
});

describe('evaluate', () => {
  const rows = async () => [
    ...(await indices(`split/${at}`, 'held-out.npy')),
    ...(await indices(`split/${at}`, 'rightly-classified.npy')),
  ];
  const evaluation = async (method: string) => ({
    noisy: await bytes(`evaluate/${method}/${at}`, 'noisy.npy'),
    clean: await bytes(`evaluate/${method}/${at}`, 'clean.npy'),
    flaggedNoisy: await bytes(`evaluate/${method}/${at}`, 'flagged-noisy.npy'),
    flaggedClean: await bytes(`evaluate/${method}/${at}`, 'flagged-clean.npy'),
  });

  it("gives the original's answers for D_s, the rightly classified and the clean test set, in their order", async () => {
    const observed = await classes('observe/gaussian_noise');
    const { noisy, clean, flaggedNoisy, flaggedClean } = await evaluation('original');
    expect(noisy).toEqual(Uint8Array.from(await rows(), (n) => observed[n]!));
    expect(clean).toEqual(await classes('observe/test'));
    expect([...flaggedNoisy, ...flaggedClean].some((flag) => flag === 1)).toBe(false);
    const labels = await bytes('dataset', 'test-labels.npy');
    const base = await indices('corrupt/gaussian_noise', 'base-image.npy');
    const heldOut = (await indices(`split/${at}`, 'held-out.npy')).length;
    (await rows()).forEach((n, k) => {
      expect(noisy[k] === labels[base[n]!]).toBe(k >= heldOut);
    });
  });

  it("gives the second network's answers for reseed", async () => {
    const observed = await classes('observe/gaussian_noise/reseed');
    const { noisy, clean, flaggedNoisy } = await evaluation('reseed');
    expect(noisy).toEqual(Uint8Array.from(await rows(), (n) => observed[n]!));
    expect(clean).toEqual(await classes('observe/test/reseed'));
    expect(flaggedNoisy.every((flag) => flag === 1)).toBe(true);
  });

  it('keeps the original where the gate does not flag, and flags by the threshold', async () => {
    const [own, original] = [await evaluation('patchnas'), await evaluation('original')];
    const { threshold } = (await jsonOf(of(`train/${at}`), 'train.json')) as TrainRecord;
    const noisy = decide(await floats(`gate/${at}`, 'scores-noisy.npy'), 3, threshold);
    const clean = decide(await floats(`gate/${at}`, 'scores-test.npy'), 3, threshold);
    expect(own.flaggedNoisy).toEqual(Uint8Array.from(await rows(), (n) => noisy.flagged[n]!));
    expect(own.flaggedClean).toEqual(clean.flagged);
    own.noisy.forEach((answer, k) => {
      if (own.flaggedNoisy[k] === 0) expect(answer).toBe(original.noisy[k]);
    });
    own.clean.forEach((answer, k) => {
      if (own.flaggedClean[k] === 0) expect(answer).toBe(original.clean[k]);
    });
    expect(own.flaggedNoisy.some((flag) => flag === 1)).toBe(true);
  });

  it('flags everything for gate-always, with the answers of patchnas where its gate flags', async () => {
    const [own, always] = [await evaluation('patchnas'), await evaluation('gate-always')];
    expect([...always.flaggedNoisy, ...always.flaggedClean].every((flag) => flag === 1)).toBe(true);
    own.noisy.forEach((answer, k) => {
      if (own.flaggedNoisy[k] === 1) expect(always.noisy[k]).toBe(answer);
    });
  });

  it('counts parameters and samples', async () => {
    const costs = (method: string) => jsonOf(of(`evaluate/${method}/${at}`), 'evaluate.json');
    const trained = (await jsonOf(of(`train/${at}`), 'train.json')) as TrainRecord;
    // AllConvNet of 5 and 10 channels; probes 4 x 9 x (5 + 10 + 10) + 3 x 8 + 3 x 50, gate 3 x 5.
    const original = 4_270;
    const probesAndGate = 900 + 24 + 150 + 15;
    expect(await costs('original')).toEqual({
      parameters: { original, probesAndGate: 0, patch: 0, buffers: 0, trained: 0, transferred: 0 },
      samples: { failures: 0, triggered: 0, trainingSet: 256 },
    });
    expect(await costs('reseed')).toMatchObject({ parameters: { trained: original, transferred: original } });
    expect(await costs('patchnas')).toEqual({
      parameters: {
        original,
        probesAndGate,
        patch: trained.parameters,
        buffers: 24 + trained.buffers,
        trained: 15 + trained.parameters,
        transferred: probesAndGate + trained.parameters,
      },
      samples: { failures: 10, triggered: trained.triggered, trainingSet: 256 },
    });
  });
});

describe('report', () => {
  const files = async (plan: Map<string, Produced>): Promise<string[]> =>
    Object.keys(((await jsonOf(plan.get('report')!, 'report.json')) as ReportRecord).files).sort();

  it('writes every table', async () => {
    expect(await files(produced)).toEqual(expect.arrayContaining(['table-1.csv', 'gate.csv', 'search.json']));
    const { events } = of('report');
    expect(events).toEqual([{ type: 'progress', done: 1, total: 1, unit: 'environments' }]);
  });

  it.each([
    ['the original alone', 'original'],
    ['a random patch without the searched one', 'patch-random'],
  ])('works for %s', async (_name, method) => {
    const plan = await planOf(tinyExperiment, [
      `methods=[${method}]`,
      'network.pretrain.epochs=1',
      'search.tasks=[rotation]',
      'train.epochs=1',
    ]);
    const done = await runPlan(plan, join(root, method));
    expect(await files(done)).toContain('table-1.csv');
    expect(done.get('report')!.events.at(-1)).toMatchObject({ done: 1, total: 1 });
  });
});
