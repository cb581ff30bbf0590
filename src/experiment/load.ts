import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

import { ConfigError, type Diagnostic } from '../core/diagnostics.js';
import { openDataset } from '../datasets/index.js';
import { baselineChecks } from './baseline-checks.js';
import { checks, type Check, type Problem } from './checks.js';
import { environmentPatchChecks } from './environment-patch-checks.js';
import { normalise } from './normalise.js';
import { noisyImageCount } from './noisy-image-count.js';
import { changePaths } from './paths.js';
import { applyOverrides, overrideInside, overrideOf, type Override } from './overrides.js';
import { placeOf } from './place.js';
import { readConfig } from './read.js';
import type { Experiment } from './schema.js';
import { sizeChecks } from './size-checks.js';
import type { Path, YamlSource } from './source.js';
import { inOrder, validate, withoutEchoes } from './validate.js';

/**
 * Reads an experiment file, lays `--set` values over it and checks the whole.
 * Paths in the file are relative to the file, paths in flags to the current folder; the result has absolute ones.
 * @param sets `path=value`, as typed
 * @returns the experiment with every default, its keys in the order of the schema
 * @throws {ConfigError} with every problem of the file and of the flags
 */
export async function loadExperiment(file: string, sets: readonly string[] = []): Promise<Experiment> {
  const { source, value } = await readConfig(file);
  normalise(value);
  const { overrides, problems: flagProblems } = applyOverrides(value, sets);
  normalise(value);

  const findings = validate(value);
  const problems: Diagnostic[] = [
    ...flagProblems,
    ...withoutEchoes(findings).map(({ path, part, code, message, fix }) => {
      const place = placeOf(source, overrides, path, part);
      return place.diagnostic({ code, message: message(place.name), ...(fix === undefined ? {} : { fix }) });
    }),
  ];
  const broken = findings.map(({ path, missing = [] }) => [...path, ...missing]);
  const files = findFiles(value, dirname(file), overrides, broken);
  const gone = files.flatMap((problem) => problem.at);
  const rules = await brokenRules(value as unknown as Experiment, [...broken, ...gone]);
  problems.push(...[...rules, ...files].map((problem) => diagnose(source, overrides, problem)));
  if (problems.length > 0) throw new ConfigError(inTextOrder(problems));
  return inOrder(value) as Experiment;
}

/** The rules between fields, as far as what they read has passed the schema. */
async function brokenRules(experiment: Experiment, broken: readonly Path[]): Promise<Problem[]> {
  const isSound = (path: Path) => !broken.some((bad) => touches(bad, path));
  const runnable = <Facts extends readonly unknown[]>(all: readonly Check<Facts>[]) =>
    all.filter(({ reads }) => reads.every(isSound));
  const problems = runnable([...checks, ...baselineChecks, ...environmentPatchChecks]).flatMap(({ run }) =>
    run(experiment),
  );
  const sizeRules = runnable(sizeChecks);
  if (sizeRules.length === 0) return problems;
  const dataset = await openDataset(experiment.dataset.name);
  const shape = await dataset.shape(experiment.dataset);
  const sizes = { ...shape, noisy: await noisyImageCount(experiment, shape) };
  return [...problems, ...sizeRules.flatMap(({ run }) => run(experiment, sizes))];
}

/** Whether one of the paths leads to the other. */
function touches(a: Path, b: Path): boolean {
  return a.slice(0, b.length).every((part, i) => String(part) === String(b[i]));
}

/** Makes the paths of files and folders absolute and names those that are not there. */
function findFiles(
  value: object,
  folder: string,
  overrides: readonly Override[],
  broken: readonly Path[],
): Problem[] {
  const problems: Problem[] = [];
  changePaths(value, (written, { path, kind }) => {
    if (broken.some((bad) => touches(bad, path))) return written;
    const absolute = resolve(overrideOf(overrides, path) ? '.' : folder, written);
    const found = statSync(absolute, { throwIfNoEntry: false });
    const isThere = kind === 'file' ? found?.isFile() : found?.isDirectory();
    const fix = overrideOf(overrides, path)
      ? 'A path in a flag is looked up from the current folder.'
      : "A path in an experiment file is looked up from the file's folder.";
    if (!isThere)
      problems.push({ code: 'PN228', at: [path], message: `${path.join('.')}: no ${kind} ${written}`, fix });
    return absolute;
  });
  return problems;
}

/** At the first of the problem's places that stands in the file or in a flag. */
function diagnose(source: YamlSource, overrides: readonly Override[], problem: Problem): Diagnostic {
  const { at, part = 'value', code, message, fix } = problem;
  const isWritten = (path: Path) =>
    source.locate(path).depth === path.length ||
    overrideOf(overrides, path) ||
    overrideInside(overrides, path);
  return placeOf(source, overrides, at.find(isWritten) ?? at[0]!, part).diagnostic({ code, message, fix });
}

/** By line and column; the flags after the file. */
function inTextOrder(problems: readonly Diagnostic[]): Diagnostic[] {
  const line = (problem: Diagnostic) => (problem.line === 0 ? Infinity : problem.line);
  return problems.toSorted((a, b) => (line(a) === line(b) ? a.column - b.column : line(a) - line(b)));
}
