import { parse } from 'yaml';

import type { Json } from '../core/canonical-json.js';
import { differences, type Difference } from '../pipeline/alike.js';
import {
  compareTables,
  readManifest,
  readResult,
  readTables,
  type Comparison,
  type Manifest,
} from '../report/index.js';
import { changePaths } from './paths.js';
import { validate } from './validate.js';

/** In what the results of two folders differ. */
export interface ResultsComparison {
  /** Keys of the experiment. */
  readonly settings: readonly Difference[];
  /** Engine, versions, and digests of data and files. */
  readonly origins: readonly Difference[];
  readonly tables: Comparison;
}

/** @throws {DataError} PN390, PN391 where one of the folders holds no results */
export async function compareResults(a: string, b: string): Promise<ResultsComparison> {
  const [first, second] = await Promise.all([readFolder(a), readFolder(b)]);
  return {
    settings: settingDifferences(first.settings, second.settings),
    origins: differences(
      JSON.stringify(originsOf(first.manifest)),
      JSON.stringify(originsOf(second.manifest)),
    ),
    tables: compareTables(first.tables, second.tables),
  };
}

/**
 * The settings that differ between two experiments. Where files stand is none: what they hold is told by their
 * digests.
 */
export function settingDifferences(a: object, b: object): Difference[] {
  const [first, second] = [a, b].map((experiment) => {
    const settings = structuredClone(experiment);
    changePaths(settings, () => 'a file');
    return JSON.stringify(settings);
  });
  return differences(first!, second!);
}

/**
 * The experiment of a folder of results. Settings that it does not have, since they came later, are at their defaults.
 */
export async function recordedSettings(dir: string): Promise<object> {
  const settings = parse(await readResult(dir, 'resolved.yaml')) as object;
  validate(settings);
  return settings;
}

async function readFolder(dir: string) {
  const [settings, manifest, tables] = await Promise.all([
    recordedSettings(dir),
    readManifest(dir),
    readTables(dir),
  ]);
  return { settings, manifest, tables };
}

function originsOf({ patchnas, node, engine, dataset, files }: Manifest): Json {
  return { patchnas, node, engine, dataset, files: files.toSorted() };
}
