import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { ReportTables } from '../build.js';
import { figureFolder } from '../figures/index.js';
import { readManifest, readResult, readTables, type Manifest } from '../read-results.js';
import type { ReportFiles } from '../results.js';
import { timesFromCsv, type TimeRow } from '../tables/times.js';

/** What the page is made of: all of it stands in files of the results. */
export interface ReportSources {
  readonly tables: ReportTables;
  /** As `times.csv` keeps them. */
  readonly times: readonly TimeRow[];
  readonly manifest: Manifest;
  /** `resolved.yaml` */
  readonly config: string;
  /** The SVG files of the figures by their names without folder and ending. */
  readonly pictures: Readonly<Record<string, string>>;
}

/**
 * Reads a folder of results. Figures that are not there are left out of the page.
 * @throws {DataError} PN390 no results there, PN391 of another version
 */
export async function readSources(dir: string): Promise<ReportSources> {
  const names = await readdir(join(dir, figureFolder)).catch(() => []);
  const svgs = names.filter((name) => name.endsWith('.svg')).map((name) => `${figureFolder}/${name}`);
  const texts = await Promise.all(
    svgs.map(async (name) => [name, await readFile(join(dir, name), 'utf8')] as const),
  );
  return {
    tables: await readTables(dir),
    times: timesFromCsv(await readResult(dir, 'times.csv')),
    manifest: await readManifest(dir),
    config: await readResult(dir, 'resolved.yaml'),
    pictures: picturesOf(Object.fromEntries(texts)),
  };
}

/** The drawings among files of results. */
export function picturesOf(files: ReportFiles): Record<string, string> {
  const ofFigure = new RegExp(`^${figureFolder}/(.*)\\.svg$`);
  return Object.fromEntries(
    Object.entries(files).flatMap(([file, text]) => {
      const name = ofFigure.exec(file)?.[1];
      return name === undefined ? [] : [[name, text] as const];
    }),
  );
}
