import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { sha256 } from '../core/digest.js';
import { DataError } from '../core/errors.js';
import { resolvedYaml } from './resolved.js';
import type { Experiment } from './schema.js';

/**
 * The folder that `run` wrote the results of this very experiment to: `dir`, or beside it where that holds those of
 * another one of the same name (`writeResults`).
 * @param dir `results/<name>`
 * @throws {DataError} PN394 when it has not been run
 */
export async function findResults(experiment: Experiment, dir: string): Promise<string> {
  const config = resolvedYaml(experiment, dir);
  for (const folder of [dir, `${dir}-${sha256(config).slice(0, 8)}`]) {
    const found = await readFile(join(folder, 'resolved.yaml'), 'utf8').catch(() => undefined);
    if (found === config) return folder;
  }
  throw new DataError(`there are no results of this experiment, ${experiment.name}`, {
    code: 'PN394',
    where: dir,
    fix: 'Run it first with "patchnas run", or give the folder of results itself.',
  });
}
