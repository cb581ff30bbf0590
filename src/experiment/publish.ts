import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Emit } from '../core/events.js';
import type { TaskResult } from '../pipeline/scheduler.js';
import type { Task } from '../pipeline/stage.js';
import {
  picturesOf,
  readableJson,
  reportHtml,
  reportText,
  tableNotes,
  timeRows,
  timesCsv,
  timesFigureFiles,
  timesFromCsv,
  writeResults,
  type Manifest,
  type MethodTasks,
  type ReportFiles,
  type ReportTables,
  type StageTime,
  type View,
} from '../report/index.js';
import type { ReportRecord } from '../stages/report.js';
import type { ExperimentPlan } from './plan.js';
import { identityOf } from './identity.js';
import { resolvedYaml } from './resolved.js';
import type { Experiment } from './schema.js';

/** What the caller knows of where results come from: engine, versions, command. */
export type Provenance = Pick<Manifest, 'command' | 'patchnas' | 'node' | 'engine'>;

export interface PublishOptions {
  readonly experiment: Experiment;
  readonly plan: ExperimentPlan;
  readonly results: ReadonlyMap<string, TaskResult>;
  /** Everything else that a reader needs to judge or repeat the run: engine, versions, command. */
  readonly provenance: Provenance;
  /** `results/<name>` */
  readonly dir: string;
  readonly view: View;
  readonly emit: Emit;
}

export interface Published {
  readonly dir: string;
  readonly tables: ReportTables;
  /** What is the same bytes for the same experiment on the same engine: neither times nor the manifest. */
  readonly files: ReportFiles;
  /** For the console. */
  readonly text: string;
}

/** Writes the results of a finished run: tables, figures, times, the page, the resolved experiment and the manifest. */
export async function publishResults({
  experiment,
  plan,
  results,
  provenance,
  dir,
  view,
  emit,
}: PublishOptions): Promise<Published> {
  const report = results.get('report')!;
  const record = JSON.parse(await readFile(join(report.folder, 'report.json'), 'utf8')) as ReportRecord;
  const { tables } = record;
  const files = { ...record.files, 'report.txt': reportText(tables, { columns: 100, colour: false }) };
  const times = timeRows(stageTimes(plan.tasks, results), methodTasks(plan.tasks));
  const csv = timesCsv(tables.subject.network, times);
  const timesFigure = await timesFigureFiles(tables.subject.network, times);
  const config = resolvedYaml(experiment, dir);
  const made = manifest(experiment, plan, results, provenance);
  const page = reportHtml({
    tables,
    times: timesFromCsv(csv),
    manifest: made,
    config,
    pictures: picturesOf({ ...files, ...timesFigure }),
  });
  const written = {
    ...files,
    ...timesFigure,
    'report.html': page,
    'times.csv': csv,
    'resolved.yaml': config,
    'manifest.json': readableJson(made),
  };
  const target = await writeResults(dir, written, identityOf);
  emit({
    time: Date.now(),
    type: 'results-published',
    name: experiment.name,
    dir: target,
    notes: tableNotes(tables),
  });
  return { dir: target, tables, files, text: reportText(tables, view, times, 'summary') };
}

function manifest(
  { name, seed }: Experiment,
  plan: ExperimentPlan,
  results: ReadonlyMap<string, TaskResult>,
  provenance: Provenance,
): Manifest {
  const stages = plan.tasks.map(({ id }) => {
    const { record } = results.get(id)!;
    const outputs = Object.fromEntries(record.outputs.map(({ file, sha256 }) => [file, sha256]));
    return {
      task: id,
      key: record.key,
      finishedAt: record.finishedAt,
      wallMs: Math.round(record.wallMs),
      peakBytes: record.peakBytes,
      outputs,
    };
  });
  return { name, seed, ...provenance, dataset: plan.datasetDigest, files: Object.keys(plan.files), stages };
}

/** A stage ran side by side with another when their spans of time overlap. */
function stageTimes(tasks: readonly Task[], results: ReadonlyMap<string, TaskResult>): StageTime[] {
  const spans = tasks.map(({ id, stage }) => {
    const { record } = results.get(id)!;
    const end = Date.parse(record.finishedAt);
    return { id, stage, key: record.key, start: end - record.wallMs, end, wallSeconds: record.wallMs / 1000 };
  });
  return spans.map(({ id, stage, key, start, end, wallSeconds }) => ({
    task: id,
    stage,
    wallSeconds,
    isSideBySide: spans.some((other) => other.key !== key && other.start < end && start < other.end),
  }));
}

/** Every evaluation with the ids of all tasks that it rests on. */
function methodTasks(tasks: readonly Task[]): MethodTasks[] {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const ancestors = (id: string, seen: Set<string>): Set<string> => {
    if (seen.has(id)) return seen;
    seen.add(id);
    for (const producer of Object.values(byId.get(id)!.inputs)) ancestors(producer, seen);
    return seen;
  };
  return tasks.flatMap(({ id, stage }) => {
    if (stage !== 'evaluate') return [];
    const [, method, environment, repeat] = id.split('/') as [string, string, string, string];
    return [{ method, environment, repeat: Number(repeat.slice(1)), tasks: [...ancestors(id, new Set())] }];
  });
}
