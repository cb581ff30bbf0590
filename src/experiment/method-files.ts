import { sectionOf, type MethodEntry } from '../baselines/index.js';
import { changePaths } from './paths.js';
import type { Experiment } from './schema.js';
import type { Path } from './source.js';

/**
 * An experiment in which the files of the methods' own parameters are named by their SHA-256, since where a file stands
 * enters no key. Files of methods that are not chosen are not looked at.
 */
export async function withMethodFiles(
  experiment: Experiment,
  chosen: readonly MethodEntry[],
  digestOf: (path: string) => Promise<string>,
): Promise<Experiment> {
  const sections = new Set(chosen.map(sectionOf));
  const isUsed = ([section, method]: Path) => section === 'baseline' && sections.has(String(method));
  const named = structuredClone(experiment);
  const digests = new Map<string, string>();
  changePaths(named, (written, { path }) => {
    if (isUsed(path)) digests.set(written, '');
    return written;
  });
  for (const path of digests.keys()) digests.set(path, await digestOf(path));
  changePaths(named, (written, { path }) => (isUsed(path) ? digests.get(written)! : written));
  return named;
}
