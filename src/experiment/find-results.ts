import { DataError } from '../core/errors.js';
import { besideResults, holdsResults } from '../report/index.js';
import { identityOf } from './identity.js';
import { resolvedYaml } from './resolved.js';
import type { Experiment } from './schema.js';

/**
 * The folder that `run` wrote the results of this very experiment to: `dir`, or beside it where that holds those of
 * another one of the same name (`writeResults`).
 * @param dir `results/<name>`
 * @throws {DataError} PN394 when it has not been run
 */
export async function findResults(experiment: Experiment, dir: string): Promise<string> {
  const identity = identityOf(resolvedYaml(experiment, dir));
  for (const folder of [dir, besideResults(dir, identity)])
    if (await holdsResults(folder, identity, identityOf)) return folder;
  throw new DataError(`there are no results of this experiment, ${experiment.name}`, {
    code: 'PN394',
    where: dir,
    fix: 'Run it first with "patchnas run", or give the folder of results itself.',
  });
}
