import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { canonicalJson } from '../core/canonical-json.js';
import { ConfigError } from '../core/diagnostics.js';
import { DataError, UsageError } from '../core/errors.js';
import {
  compareFiles,
  compareRows,
  compareTables,
  outsideIntervals,
  type Comparison,
  type FileDifference,
  type FigureDifference,
  type Manifest,
  type ReportFiles,
  type ReportTables,
} from '../report/index.js';
import { recordedSettings, settingDifferences } from './compare-results.js';
import { environmentsOf } from './environments.js';
import { loadExperiment } from './load.js';
import type { ExperimentPlan } from './plan.js';
import type { Experiment } from './schema.js';

/** How recorded results compare with those of another run of the same experiment. */
export interface Reproduced {
  /** Same engine: the bytes of the tables; another: accuracies inside the recorded intervals. */
  readonly rule: 'bytes' | 'intervals';
  /** Figures that were compared. */
  readonly compared: number;
  readonly files: readonly FileDifference[];
  /** `a` is the recorded value, `b` that of now. */
  readonly figures: readonly FigureDifference[];
}

/**
 * The experiment of a folder of results.
 * @param config another file with the same experiment, from which paths of files are looked up
 * @param only an environment: the others are left out
 * @throws {ConfigError} where files are not found from `resolved.yaml`, or it is not valid any more
 * @throws {UsageError} PN284, PN285
 */
export async function recordedExperiment(
  dir: string,
  config: string | undefined,
  only: string | undefined,
): Promise<Experiment> {
  const experiment = await loadExperiment(config ?? join(dir, 'resolved.yaml')).catch((error: unknown) => {
    throw config === undefined ? withConfigHint(error) : error;
  });
  if (config !== undefined) await checkSame(dir, config, experiment);
  return only === undefined ? experiment : limitedTo(experiment, only);
}

function withConfigHint(error: unknown): unknown {
  if (!(error instanceof ConfigError)) return error;
  const hint = 'Where it is elsewhere now, give the experiment file that names it: --config FILE';
  return new ConfigError(
    error.diagnostics.map((problem) => (problem.code === 'PN228' ? { ...problem, fix: hint } : problem)),
  );
}

/** The engine may be another one: the comparison is then another too. */
async function checkSame(dir: string, config: string, experiment: Experiment): Promise<void> {
  const others = settingDifferences(await recordedSettings(dir), experiment).filter(
    ({ path }) => !path.startsWith('engine.'),
  );
  if (others.length === 0) return;
  throw new UsageError(
    `not the recorded experiment: other values of ${others.map(({ path }) => path).join(', ')}`,
    {
      code: 'PN285',
      where: `${config} and ${join(dir, 'resolved.yaml')}`,
      fix: 'Give the file of that experiment, or set its values back.',
    },
  );
}

function limitedTo(experiment: Experiment, only: string): Experiment {
  const environments = environmentsOf(experiment);
  const found = environments.find(({ name }) => name === only);
  if (found === undefined)
    throw new UsageError(`the record has no environment "${only}"`, {
      code: 'PN284',
      fix: `It has ${environments.map(({ name }) => name).join(', ')}.`,
    });
  const { types } = experiment.noise;
  const of = <T>(named: Readonly<Record<string, T>>): Record<string, T> =>
    Object.fromEntries(Object.entries(named).filter(([name]) => name === only));
  const limited = {
    types: types.filter((name) => name === only),
    environments: of(experiment.noise.environments),
    shifts: of(experiment.noise.shifts),
  };
  return { ...experiment, noise: { ...experiment.noise, ...limited } };
}

/** @throws {DataError} PN392, PN393 where data or files are not those of the record */
export function checkSources(dir: string, plan: ExperimentPlan, manifest: Manifest): void {
  if (plan.datasetDigest !== manifest.dataset)
    throw new DataError('the data set is not that of the record', {
      code: 'PN393',
      where: `${join(dir, 'manifest.json')}: dataset ${manifest.dataset}, here ${plan.datasetDigest}`,
      fix: 'Its figures can only be reproduced with the same bytes: patchnas data verify tells whether they are whole.',
    });
  for (const [digest, path] of Object.entries(plan.files)) {
    if (manifest.files.includes(digest)) continue;
    throw new DataError('a file is not the one of the record', {
      code: 'PN392',
      where: `${path}, SHA-256 ${digest}`,
      fix: 'Put the recorded file there, or give the experiment file that names it: --config FILE',
    });
  }
}

/** What another run gave. */
export interface Again {
  readonly tables: ReportTables;
  readonly files: ReportFiles;
  /** Engine id. */
  readonly engine: object;
}

/** @param only the environment that was run, where it was not all */
export async function compareWithRecord(
  dir: string,
  recorded: { readonly tables: ReportTables; readonly manifest: Manifest },
  again: Again,
  only: string | undefined,
): Promise<Reproduced> {
  const isSameEngine = canonicalJson(recorded.manifest.engine) === canonicalJson({ ...again.engine });
  if (!isSameEngine)
    return { rule: 'intervals', files: [], ...told(outsideIntervals(recorded.tables, again.tables, only)) };
  const texts = new Map<string, string>();
  for (const name of Object.keys(again.files)) {
    const text = await readFile(join(dir, name), 'utf8').catch(() => undefined);
    if (text !== undefined) texts.set(name, text);
  }
  const compare = only === undefined ? compareFiles : compareRows;
  return {
    rule: 'bytes',
    files: compare((name) => texts.get(name), again.files),
    ...told(compareTables(recorded.tables, again.tables, only)),
  };
}

function told({ figures, differences }: Comparison): Pick<Reproduced, 'compared' | 'figures'> {
  return { compared: Object.values(figures).reduce((sum, n) => sum + n, 0), figures: differences };
}
