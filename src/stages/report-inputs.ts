import { readFile } from 'node:fs/promises';

import { readNpy } from '../core/npy.js';
import { predictedFromLogits } from '../nn/metrics.js';
import type { StageContext } from '../pipeline/stage.js';
import {
  searchReport,
  type ChosenPatch,
  type Evaluation,
  type GateScores,
  type SearchRecord,
  type SearchReport,
} from '../report/index.js';
import { parseStructure } from '../repair/structure.js';
import type { EvaluationRecord } from './evaluate.js';
import type { ReportParams } from './report.js';
import type { TrainRecord } from './train.js';

type Context = Pick<StageContext<ReportParams>, 'input' | 'params'>;

/** The samples of an environment's repeat and what the deployed network says of them: the same for all methods. */
export interface Samples {
  readonly environment: string;
  readonly repeat: number;
  /** Rows of the environment: D_s, then the rightly classified ones. */
  readonly rows: readonly number[];
  readonly noisy: Pick<Evaluation['noisy'], 'baseImage' | 'severity' | 'label' | 'original'>;
  readonly clean: CleanSamples;
}

/** The clean test set is the same for all environments too. */
export type CleanSamples = Pick<Evaluation['clean'], 'label' | 'original'>;

export async function readClean(context: Context): Promise<CleanSamples> {
  return {
    label: await bytes(context, 'dataset', 'test-labels.npy'),
    original: await classesOf(context, 'observe/test'),
  };
}

export async function readSamples(
  context: Context,
  environment: string,
  repeat: number,
  clean: CleanSamples,
): Promise<Samples> {
  const split = `split/${environment}/r${repeat}`;
  const rows = [
    ...(await indices(context, split, 'held-out.npy')),
    ...(await indices(context, split, 'rightly-classified.npy')),
  ];
  const labels = await bytes(context, `corrupt/${environment}`, 'label.npy');
  const baseImages = await indices(context, `corrupt/${environment}`, 'base-image.npy');
  const severities = await bytes(context, `corrupt/${environment}`, 'severity.npy');
  const original = await classesOf(context, `observe/${environment}`);
  return {
    environment,
    repeat,
    rows,
    noisy: {
      baseImage: Uint32Array.from(rows, (n) => baseImages[n]!),
      severity: Uint8Array.from(rows, (n) => severities[n]!),
      label: Uint8Array.from(rows, (n) => labels[n]!),
      original: Uint8Array.from(rows, (n) => original[n]!),
    },
    clean,
  };
}

/** What a method answers to the samples. */
export async function readEvaluation(
  context: Context,
  method: string,
  { environment, repeat, noisy, clean }: Samples,
): Promise<Evaluation> {
  const evaluation = `evaluate/${method}/${environment}/r${repeat}`;
  const record = JSON.parse(
    await readFile(context.input(evaluation, 'evaluate.json'), 'utf8'),
  ) as EvaluationRecord;
  return {
    method,
    environment,
    repeat,
    noisy: {
      ...noisy,
      repaired: await bytes(context, evaluation, 'noisy.npy'),
      flagged: await bytes(context, evaluation, 'flagged-noisy.npy'),
    },
    clean: {
      ...clean,
      repaired: await bytes(context, evaluation, 'clean.npy'),
      flagged: await bytes(context, evaluation, 'flagged-clean.npy'),
    },
    ...record,
  };
}

export async function readGate(
  context: Context,
  { environment, repeat, clean }: Samples,
): Promise<GateScores> {
  const { input, params } = context;
  const gate = `gate/${environment}/r${repeat}`;
  const split = `split/${environment}/r${repeat}`;
  const scores = async (part: string): Promise<Float32Array> =>
    (await readNpy<Float32Array>(input(gate, `scores-${part}.npy`))).data;
  const fisher = (await readNpy<Float32Array>(input(`localize/${environment}/r${repeat}`, 'fisher.npy')))
    .data;
  const failures = (await indices(context, split, 'failures.npy')).length * params.stages.length;
  const variant = params.patch === 'searched' ? '' : `/${params.patch}`;
  const trained = `train/${environment}/r${repeat}${variant}`;
  const train = JSON.parse(await readFile(input(trained, 'train.json'), 'utf8')) as TrainRecord;
  return {
    environment,
    repeat,
    stages: params.stages,
    setting: params.sigma,
    threshold: train.threshold,
    trainingSet: await scores('train'),
    cleanTest: await scores('test'),
    noisy: await scores('noisy'),
    isCleanRight: clean.label.map((label, n) => (label === clean.original[n] ? 1 : 0)),
    heldOut: await indices(context, split, 'held-out.npy'),
    rightNoisy: await indices(context, split, 'rightly-classified.npy'),
    failureFisher: fisher.subarray(0, failures),
    normalFisher: fisher.subarray(failures),
  };
}

/** The search with its judgement, and the structure that it chose. */
export async function readSearch(
  { input }: Context,
  { environment, repeat }: Samples,
): Promise<{ readonly search: SearchReport; readonly patch: ChosenPatch }> {
  const task = `search/${environment}/r${repeat}`;
  const record = JSON.parse(await readFile(input(task, 'search.json'), 'utf8')) as Omit<
    SearchRecord,
    'environment' | 'repeat'
  >;
  const path = input(task, 'structure.json');
  const graph = parseStructure(await readFile(path, 'utf8'), path);
  return {
    search: searchReport({ environment, repeat, ...record }),
    patch: { environment, repeat, graph },
  };
}

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
