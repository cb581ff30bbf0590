import { readFile, writeFile } from 'node:fs/promises';

import { readNpy } from '../core/npy.js';
import { predictedFromLogits } from '../nn/metrics.js';
import { defineStage, type StageContext } from '../pipeline/stage.js';
import {
  buildReport,
  gateReport,
  searchReport,
  type Evaluation,
  type GateReport,
  type ReportFiles,
  type ReportTables,
  type SearchRecord,
  type SearchReport,
} from '../report/index.js';
import type { SigmaSetting } from '../repair/sigma.js';
import type { EvaluationRecord } from './evaluate.js';
import type { TrainRecord } from './train.js';

/** The roles of this stage's inputs are the ids of the tasks that produce them. */
type Params = {
  readonly seed: number;
  readonly subject: {
    readonly name: string;
    readonly network: string;
    readonly dataset: string;
    readonly noiseOrigin: 'generated' | 'imported' | 'unpaired';
  };
  readonly environments: readonly { readonly name: string; readonly noises: readonly string[] }[];
  readonly methods: readonly {
    readonly name: string;
    readonly summary: string;
    readonly isControl: boolean;
    readonly usesSearch: boolean;
  }[];
  readonly repeats: number;
  readonly stages: readonly string[];
  readonly sigma: SigmaSetting;
  /** The structure of some method's patch, whose training resolved sigma; null where no method has gate and search. */
  readonly patch: 'searched' | 'random' | null;
};

/** What `report.json` says. */
export interface ReportRecord {
  readonly tables: ReportTables;
  readonly files: ReportFiles;
}

/** Turns all answers into the tables. Arithmetic only: the same answers give the same bytes. */
export const report = defineStage<Params>({
  name: 'report',
  summary: 'the tables, from all answers',
  version: 1,
  outputs: ['report.json'],
  engine: false,
  random: false,
  run: async (context) => {
    const { params, input, output, emit } = context;
    const { environments, methods, repeats, seed, subject } = params;
    const { classes } = JSON.parse(await readFile(input('dataset', 'dataset.json'), 'utf8')) as {
      classes: string[];
    };
    const evaluations: Evaluation[] = [];
    const gates: GateReport[] = [];
    const searches: SearchReport[] = [];
    const total = environments.length * repeats;
    let done = 0;
    for (const { name: environment } of environments) {
      for (let repeat = 0; repeat < repeats; repeat++) {
        for (const { name } of methods)
          evaluations.push(await readEvaluation(context, name, environment, repeat));
        if (params.patch !== null) {
          gates.push(await readGate(context, environment, repeat));
          searches.push(await readSearch(context, environment, repeat));
        }
        emit({ type: 'progress', done: ++done, total, unit: 'environments' });
      }
    }
    const { tables, files } = buildReport({
      subject,
      seed,
      environments,
      methods,
      classes,
      evaluations,
      gates,
      searches,
    });
    await writeFile(output('report.json'), `${JSON.stringify({ tables, files } satisfies ReportRecord)}\n`);
  },
});

type Context = StageContext<Params>;

async function classesOf({ input }: Context, task: string): Promise<Uint8Array> {
  const { data, shape } = await readNpy<Float32Array>(input(task, 'logits.npy'));
  return predictedFromLogits(data, shape[1]!);
}

async function indices({ input }: Context, task: string, file: string): Promise<Uint32Array> {
  return (await readNpy<Uint32Array>(input(task, file))).data;
}

async function bytes({ input }: Context, task: string, file: string): Promise<Uint8Array> {
  return (await readNpy<Uint8Array>(input(task, file))).data;
}

async function readEvaluation(
  context: Context,
  method: string,
  environment: string,
  repeat: number,
): Promise<Evaluation> {
  const evaluation = `evaluate/${method}/${environment}/r${repeat}`;
  const split = `split/${environment}/r${repeat}`;
  const rows = [
    ...(await indices(context, split, 'held-out.npy')),
    ...(await indices(context, split, 'rightly-classified.npy')),
  ];
  const labels = await bytes(context, `corrupt/${environment}`, 'label.npy');
  const baseImages = await indices(context, `corrupt/${environment}`, 'base-image.npy');
  const severities = await bytes(context, `corrupt/${environment}`, 'severity.npy');
  const original = await classesOf(context, `observe/${environment}`);
  const record = JSON.parse(
    await readFile(context.input(evaluation, 'evaluate.json'), 'utf8'),
  ) as EvaluationRecord;
  return {
    method,
    environment,
    repeat,
    noisy: {
      baseImage: Uint32Array.from(rows, (n) => baseImages[n]!),
      severity: Uint8Array.from(rows, (n) => severities[n]!),
      label: Uint8Array.from(rows, (n) => labels[n]!),
      original: Uint8Array.from(rows, (n) => original[n]!),
      repaired: await bytes(context, evaluation, 'noisy.npy'),
      flagged: await bytes(context, evaluation, 'flagged-noisy.npy'),
    },
    clean: {
      label: await bytes(context, 'dataset', 'test-labels.npy'),
      original: await classesOf(context, 'observe/test'),
      repaired: await bytes(context, evaluation, 'clean.npy'),
      flagged: await bytes(context, evaluation, 'flagged-clean.npy'),
    },
    ...record,
  };
}

async function readGate(context: Context, environment: string, repeat: number): Promise<GateReport> {
  const { input, params } = context;
  const gate = `gate/${environment}/r${repeat}`;
  const split = `split/${environment}/r${repeat}`;
  const scores = async (part: string): Promise<Float32Array> =>
    (await readNpy<Float32Array>(input(gate, `scores-${part}.npy`))).data;
  const fisher = (await readNpy<Float32Array>(input(`localize/${environment}/r${repeat}`, 'fisher.npy')))
    .data;
  const testLabels = await bytes(context, 'dataset', 'test-labels.npy');
  const clean = await classesOf(context, 'observe/test');
  const failures = (await indices(context, split, 'failures.npy')).length * params.stages.length;
  const trained = `train/${environment}/r${repeat}${params.patch === 'random' ? '/random' : ''}`;
  const train = JSON.parse(await readFile(input(trained, 'train.json'), 'utf8')) as TrainRecord;
  return gateReport({
    environment,
    repeat,
    stages: params.stages,
    setting: params.sigma,
    threshold: train.threshold,
    trainingSet: await scores('train'),
    cleanTest: await scores('test'),
    noisy: await scores('noisy'),
    isCleanRight: Uint8Array.from(testLabels, (label, n) => (label === clean[n] ? 1 : 0)),
    heldOut: await indices(context, split, 'held-out.npy'),
    rightNoisy: await indices(context, split, 'rightly-classified.npy'),
    failureFisher: fisher.subarray(0, failures),
    normalFisher: fisher.subarray(failures),
  });
}

async function readSearch({ input }: Context, environment: string, repeat: number): Promise<SearchReport> {
  const text = await readFile(input(`search/${environment}/r${repeat}`, 'search.json'), 'utf8');
  const record = JSON.parse(text) as Omit<SearchRecord, 'environment' | 'repeat'>;
  return searchReport({ environment, repeat, ...record });
}
