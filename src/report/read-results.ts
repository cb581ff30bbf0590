import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

import type { Json } from '../core/canonical-json.js';
import { DataError } from '../core/errors.js';
import type { ReportTables } from './build.js';

/** What `manifest.json` tells of how results came about. */
export interface Manifest {
  readonly name: string;
  readonly seed: number;
  readonly command: string;
  /** Versions of this program and of Node. */
  readonly patchnas: string;
  readonly node: string;
  /** The engine id: TensorFlow, device, instruction set, threads, precision. */
  readonly engine: Readonly<Record<string, Json>>;
  /** Digest of the data set. */
  readonly dataset: string;
  /** Digests of files from outside, such as weights. */
  readonly files: readonly string[];
  readonly stages: readonly {
    readonly task: string;
    readonly key: string;
    readonly finishedAt: string;
    readonly wallMs: number;
    readonly peakBytes: number;
    /** SHA-256 of each output, by file name. */
    readonly outputs: Readonly<Record<string, string>>;
  }[];
}

const tableNames = ['accuracy', 'comparisons', 'samples', 'parameters', 'gate', 'search'] as const;

/**
 * The tables of a folder that `patchnas run` wrote.
 * @throws {DataError} PN390 no results there, PN391 of another version
 */
export async function readTables(dir: string): Promise<ReportTables> {
  const tables = (await readJson(dir, 'tables.json')) as Partial<ReportTables>;
  const isWhole =
    tableNames.every((name) => Array.isArray(tables[name])) &&
    tables.accuracy!.every((row) => Array.isArray(row.best));
  if (!isWhole) throw otherVersion(dir, 'tables.json');
  return tables as ReportTables;
}

/** @throws {DataError} PN390, PN391 */
export async function readManifest(dir: string): Promise<Manifest> {
  const manifest = (await readJson(dir, 'manifest.json')) as Partial<Manifest>;
  const isWhole =
    typeof manifest.engine === 'object' && Array.isArray(manifest.files) && Array.isArray(manifest.stages);
  if (!isWhole) throw otherVersion(dir, 'manifest.json');
  return manifest as Manifest;
}

async function readJson(dir: string, file: string): Promise<object> {
  const text = await readResult(dir, file);
  try {
    const value = JSON.parse(text) as unknown;
    if (typeof value === 'object' && value !== null) return value;
  } catch (cause) {
    throw otherVersion(dir, file, cause);
  }
  throw otherVersion(dir, file);
}

/** The text of one file of results. @throws {DataError} PN390 where it is not there */
export async function readResult(dir: string, file: string): Promise<string> {
  try {
    return await readFile(join(dir, file), 'utf8');
  } catch (cause) {
    const isThere = await stat(dir).then(
      (found) => found.isDirectory(),
      () => false,
    );
    throw new DataError(
      isThere ? `no results here: there is no ${file}` : 'there is no such folder of results',
      {
        code: 'PN390',
        where: dir,
        fix: 'Give a folder that "patchnas run" wrote, such as results/quickstart.',
        cause,
      },
    );
  }
}

function otherVersion(dir: string, file: string, cause?: unknown): DataError {
  return new DataError(`${file} does not have the form of this version`, {
    code: 'PN391',
    where: join(dir, file),
    fix: `Make it again with: patchnas run ${join(dir, 'resolved.yaml')}`,
    cause,
  });
}
