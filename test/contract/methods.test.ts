import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { labelOf, methods, type MethodEntry } from '../../src/baselines/index.js';
import type { EvaluationRecord } from '../../src/stages/evaluate.js';
import type { ReportRecord } from '../../src/stages/report.js';
import { jsonOf, numbersOf } from '../support/artifacts.js';
import { keysOf, planOf, runPlan, tinyExperiment, type Produced } from '../support/stage-run.js';

const names = methods.map(({ name }): string => name);
const everything = await planOf(tinyExperiment, [`methods=[${names.join(', ')}]`, 'gate.sigma.quantile=0.5']);
let root: string;
let produced: Map<string, Produced>;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'patchnas-methods-'));
  produced = await runPlan(everything, root);
}, 300_000);
afterAll(() => rm(root, { recursive: true, force: true }));

it('names are all different', () => {
  expect(new Set(names).size).toBe(names.length);
});

const entries: readonly MethodEntry[] = methods;
describe.each(entries.map((entry) => ({ name: entry.name, entry })))('$name', ({ name, entry }) => {
  const evaluation = `evaluate/${labelOf(entry)}/gaussian_noise/r0`;
  const output = (file: string) => numbersOf<Uint8Array>(produced.get(evaluation)!, file);

  it('declares itself; a control says that it is one', () => {
    expect(entry.summary).toMatch(/^[^\s.].*[^\s.]$/);
    expect(entry.source).not.toBe('');
    expect(entry.version).toBeGreaterThanOrEqual(1);
    expect(entry.summary.startsWith('Control: ')).toBe(entry.isControl);
    expect(entry.cost).toMatch(/^[^\s.].*[^\s.]$/);
  });

  it('does the same whatever other methods there are', async () => {
    // Beside patchnas, since the observed features are left out where no method has a gate.
    const few = [...new Set(['patchnas', name])].join(', ');
    const alone = keysOf(await planOf(tinyExperiment, [`methods=[${few}]`, 'gate.sigma.quantile=0.5']));
    const together = keysOf(everything);
    expect(alone.has(evaluation)).toBe(true);
    for (const [task, key] of alone)
      if (task !== 'report') expect([task, key]).toEqual([task, together.get(task)]);
  });

  it('answers every noisy and every clean image with a class, and says which it touched', async () => {
    const split = produced.get('split/gaussian_noise/r0')!;
    const rows = await Promise.all(
      ['held-out.npy', 'rightly-classified.npy'].map((file) => numbersOf<Uint32Array>(split, file)),
    );
    const noisy = rows.reduce((sum, { length }) => sum + length, 0);
    for (const [file, count, limit] of [
      ['noisy.npy', noisy, 10],
      ['clean.npy', 40, 10],
      ['flagged-noisy.npy', noisy, 2],
      ['flagged-clean.npy', 40, 2],
    ] as const) {
      const values = await output(file);
      expect([file, values.length]).toEqual([file, count]);
      expect(values.every((value) => value < limit)).toBe(true);
    }
  });

  it('leaves an image that it did not touch with the answer of the original', async () => {
    const original = 'evaluate/original/gaussian_noise/r0';
    for (const part of ['noisy', 'clean']) {
      const untouched = await numbersOf<Uint8Array>(produced.get(original)!, `${part}.npy`);
      const [answers, flags] = [await output(`${part}.npy`), await output(`flagged-${part}.npy`)];
      answers.forEach((answer, n) => {
        if (flags[n] === 0) expect(answer).toBe(untouched[n]);
      });
    }
  });

  it('counts its parameters: what is trained and sent is no more than there is', async () => {
    const { parameters, samples } = (await jsonOf(
      produced.get(evaluation)!,
      'evaluate.json',
    )) as EvaluationRecord;
    const values = Object.values({ ...parameters, ...samples } as Record<string, number>);
    expect(values.every((value) => Number.isInteger(value) && value >= 0)).toBe(true);
    const all = parameters.original + parameters.probesAndGate + parameters.patch;
    expect(parameters.trained).toBeLessThanOrEqual(parameters.transferred);
    expect(parameters.transferred).toBeLessThanOrEqual(all);
    expect(samples.triggered).toBeLessThanOrEqual(samples.trainingSet);
  });

  it('has its row in Table 1', async () => {
    const { files } = (await jsonOf(produced.get('report')!, 'report.json')) as ReportRecord;
    const rows = files['table-1.csv']!.split('\n').map((row) => row.split(','));
    expect(rows.filter((cells) => cells.includes(labelOf(entry))).length).toBeGreaterThan(0);
  });
});
