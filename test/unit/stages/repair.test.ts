import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { predictedFromLogits } from '../../../src/nn/metrics.js';
import { doubts } from '../../../src/repair/doubt.js';
import { decide, summedScores } from '../../../src/repair/gate.js';
import { resolveSigma } from '../../../src/repair/sigma.js';
import type { PatchStructure } from '../../../src/repair/structure.js';
import type { ReportRecord } from '../../../src/stages/report.js';
import { checkGroups, type StageChoiceRecord } from '../../../src/stages/stage-choice.js';
import type { TrainRecord } from '../../../src/stages/train.js';
import { jsonOf, numbersOf } from '../../support/artifacts.js';
import { planOf, runPlan, tinyExperiment, type Produced } from '../../support/stage-run.js';

/** What the stages of a whole tiny experiment hand to each other. */
let root: string;
let produced: Map<string, Produced>;
const at = 'gaussian_noise/r0';
const tinyMethods = ['patchnas', 'original', 'reseed', 'patch-random', 'gate-always'];
const of = (task: string): Produced => produced.get(task)!;
const floats = (task: string, file: string) => numbersOf<Float32Array>(of(task), file);
const indices = (task: string, file: string) => numbersOf<Uint32Array>(of(task), file);
const bytes = (task: string, file: string) => numbersOf<Uint8Array>(of(task), file);
const classes = async (task: string) => predictedFromLogits(await floats(task, 'logits.npy'), 10);

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'patchnas-repair-'));
  const methods = [...tinyMethods, 'patch-conv3', 'patch-fixed-stage', 'gate-oracle', 'gate-confidence'];
  const sets = ['gate.sigma.quantile=0.5', `methods=[${methods.join(', ')}]`];
  produced = await runPlan(await planOf(tinyExperiment, sets), root);
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

  it('trains 3 x 3 convolutions on every edge for patch-conv3', async () => {
    const { cells } = (await jsonOf(of(`train/${at}/conv3`), 'structure.json')) as PatchStructure;
    expect(cells.length).toBe(2);
    expect(cells.flat().map(({ operations }) => operations)).toEqual(Array(6).fill(['conv3x3']));
    const [own, conv3] = (await Promise.all(
      [`train/${at}`, `train/${at}/conv3`].map((task) => jsonOf(of(task), 'train.json')),
    )) as [TrainRecord, TrainRecord];
    expect([conv3.threshold, conv3.triggered, conv3.perStage]).toEqual([
      own.threshold,
      own.triggered,
      own.perStage,
    ]);
  });

  it('sends all samples of patch-fixed-stage to the stage with the most right answers on unseen failures', async () => {
    const choice = (await jsonOf(of(`stage-choice/${at}`), 'stage-choice.json')) as StageChoiceRecord;
    expect(choice.failures.reduce((a, b) => a + b, 0)).toBe(10);
    expect(choice.right.length).toBe(3);
    for (const row of choice.right)
      row.forEach((right, fold) => expect(right).toBeLessThanOrEqual(choice.failures[fold]!));
    const sums = choice.right.map((row) => row.reduce((a, b) => a + b, 0));
    expect(choice.stage).toBe(sums.indexOf(Math.max(...sums)) + 1);
    const { perStage, triggered } = (await jsonOf(
      of(`train/${at}/fixed-stage`),
      'train.json',
    )) as TrainRecord;
    expect(perStage).toEqual([1, 2, 3].map((stage) => (stage === choice.stage ? 10 + triggered : 0)));
  });

  it("learns for gate-confidence from as many samples of D_t as the gate's quantile says", async () => {
    const record = (await jsonOf(of(`train/${at}/confidence`), 'train.json')) as TrainRecord;
    const doubt = doubts(await floats('observe/train', 'logits.npy'), 10);
    const learned = new Set((await indices(`localize/${at}`, 'samples.npy')).subarray(10));
    expect(record.doubtThreshold).toBe(
      resolveSigma(
        { quantile: 0.5 },
        doubt.filter((_, n) => !learned.has(n)),
      ),
    );
    expect(record.triggered).toBe(doubt.filter((value) => value > record.doubtThreshold!).length);
  });
});

describe('stage-choice', () => {
  it('refuses failures that all show one image', () => {
    expect(() => checkGroups([3, 3])).toThrow(
      'D_e has 2 failures of one image: no part of it can judge the other',
    );
    expect(() => checkGroups([3, 4])).not.toThrow();
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

  it('flags exactly the failures for gate-oracle, with the answers of gate-always there', async () => {
    const [oracle, always] = [await evaluation('gate-oracle'), await evaluation('gate-always')];
    const original = await evaluation('original');
    const heldOut = (await indices(`split/${at}`, 'held-out.npy')).length;
    expect([...oracle.flaggedNoisy]).toEqual((await rows()).map((_, k) => (k < heldOut ? 1 : 0)));
    const labels = await bytes('dataset', 'test-labels.npy');
    expect(oracle.flaggedClean).toEqual(original.clean.map((answer, n) => (answer === labels[n] ? 0 : 1)));
    expect(oracle.noisy).toEqual(
      original.noisy.map((answer, k) => (oracle.flaggedNoisy[k] === 1 ? always.noisy[k]! : answer)),
    );
    expect(oracle.clean).toEqual(
      original.clean.map((answer, k) => (oracle.flaggedClean[k] === 1 ? always.clean[k]! : answer)),
    );
  });

  it('flags by confidence for gate-confidence', async () => {
    const { doubtThreshold } = (await jsonOf(of(`train/${at}/confidence`), 'train.json')) as TrainRecord;
    const own = await evaluation('gate-confidence');
    const noisy = doubts(await floats('observe/gaussian_noise', 'logits.npy'), 10);
    const clean = doubts(await floats('observe/test', 'logits.npy'), 10);
    expect([...own.flaggedNoisy]).toEqual((await rows()).map((n) => (noisy[n]! > doubtThreshold! ? 1 : 0)));
    expect([...own.flaggedClean]).toEqual([...clean].map((value) => (value > doubtThreshold! ? 1 : 0)));
    expect(own.flaggedNoisy.some((flag) => flag === 1)).toBe(true);
  });

  it('flags for patch-fixed-stage and patch-conv3 what the gate flags', async () => {
    const own = await evaluation('patchnas');
    for (const method of ['patch-fixed-stage', 'patch-conv3']) {
      const other = await evaluation(method);
      expect(other.flaggedNoisy).toEqual(own.flaggedNoisy);
      expect(other.flaggedClean).toEqual(own.flaggedClean);
    }
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
    ['a patch for doubtful answers alone', 'gate-confidence'],
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
