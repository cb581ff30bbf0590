import { randomUUID } from 'node:crypto';
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import { publishFolder } from '../core/atomic-fs.js';
import { sha256 } from '../core/digest.js';
import { StoreError } from '../core/errors.js';
import { buildTables, rounded, type ReportInput, type ReportTables } from './build.js';
import { readableJson } from './readable-json.js';
import { accuracyCsv, mixtureRows, noiseRows } from './tables/accuracy.js';
import { comparisonsCsv } from './tables/comparisons.js';
import { gateCsv } from './tables/gate.js';
import { parametersCsv } from './tables/parameters.js';
import { samplesCsv } from './tables/samples.js';
import { classesCsv, severityCsv } from './tables/subgroups.js';

/** File names under `results/<experiment>/` and their texts. */
export type ReportFiles = Readonly<Record<string, string>>;

/**
 * All tables, and the files that hold them. Nothing in them is a time: the same predictions give the same bytes.
 * The caller adds `times.csv` (`timesCsv`), `manifest.json` and `resolved.yaml`.
 * @throws {InternalError} PN140 to PN144 where the input is inconsistent
 */
export function buildReport(input: ReportInput): { tables: ReportTables; files: ReportFiles } {
  const tables = buildTables(input);
  const { network } = tables.subject;
  const mixtures = mixtureRows(tables);
  const files = {
    'table-1.csv': accuracyCsv(network, noiseRows(tables)),
    ...(mixtures.length > 0 && { 'table-2.csv': accuracyCsv(network, mixtures) }),
    'table-3.csv': samplesCsv(network, tables.samples),
    'table-4.csv': parametersCsv(network, tables.parameters),
    'comparisons.csv': comparisonsCsv(network, tables.comparisons),
    'severity.csv': severityCsv(network, tables.severity),
    'classes.csv': classesCsv(network, tables.classes),
    'gate.csv': gateCsv(network, tables.gate),
    'search.json': readableJson(rounded(input.searches)),
    'tables.json': readableJson(tables),
  };
  return { tables, files };
}

/** The file that tells whose results a folder holds. */
const configFile = 'resolved.yaml';

/** What tells an experiment from others of its name, from the text of its `resolved.yaml`. */
export type Identify = (config: string) => string;

/**
 * Writes the results of an experiment: whole under a temporary name, then renamed. A folder of the same experiment
 * is replaced, other files that somebody put there are kept; where the folder holds another experiment, or is not one
 * of ours, the results go beside it (`besideResults`).
 * @param dir `results/<name>`
 * @param files with `resolved.yaml`; a name may hold a folder: `figures/figure-4.csv`
 * @returns the folder that was written
 * @throws {StoreError} PN640 where it cannot be written
 */
export async function writeResults(dir: string, files: ReportFiles, identify: Identify): Promise<string> {
  const config = files[configFile];
  if (config === undefined) throw new TypeError(`results need ${configFile}`);
  const identity = identify(config);
  try {
    const entries = await entriesOf(dir);
    const isFree = entries.length === 0 || (await holdsResults(dir, identity, identify));
    const target = isFree ? dir : besideResults(dir, identity);
    await publish(target, files);
    return target;
  } catch (cause) {
    throw new StoreError(`the results cannot be written: ${(cause as Error).message}`, {
      code: 'PN640',
      where: dir,
      fix: 'Give another folder, or make room and permission there.',
      cause,
    });
  }
}

async function publish(target: string, files: ReportFiles): Promise<void> {
  const temporary = join(dirname(target), `.${basename(target)}.${randomUUID()}.tmp`);
  const aside = `${temporary}.old`;
  try {
    for (const [name, text] of Object.entries(files)) {
      const path = join(temporary, name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text);
    }
    const old = await entriesOf(target);
    for (const name of old) {
      const isOurs = Object.keys(files).some((file) => file === name || file.startsWith(`${name}/`));
      if (!isOurs) await cp(join(target, name), join(temporary, name), { recursive: true });
    }
    if (old.length > 0) await rename(target, aside);
    await publishFolder(temporary, target);
    await rm(aside, { recursive: true, force: true });
  } catch (error) {
    await rename(aside, target).catch(() => undefined); // the old results, if they were set aside and not replaced
    await rm(temporary, { recursive: true, force: true });
    throw error;
  }
}

/** Whether the folder holds results of that experiment. */
export async function holdsResults(dir: string, identity: string, identify: Identify): Promise<boolean> {
  const config = await readFile(join(dir, configFile), 'utf8').catch(() => undefined);
  return config !== undefined && identify(config) === identity;
}

/** `<dir>-<first 8 digits of the identity's digest>`, where `dir` holds something else. */
export function besideResults(dir: string, identity: string): string {
  return `${dir}-${sha256(identity).slice(0, 8)}`;
}

/** Names in a folder; none where it is not there. */
async function entriesOf(dir: string): Promise<string[]> {
  try {
    return await readdir(dir);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
