import { UsageError } from '../../core/errors.js';
import type { ReportTables } from '../build.js';
import { shiftNote } from '../notes.js';
import type { Run } from './table.js';

interface Read {
  /** As the person gave it. */
  readonly dir: string;
  readonly tables: ReportTables;
}

/**
 * Names the runs of one table by their networks, where these differ, else also by their folders.
 * @throws {UsageError} PN280 where a column would not hold the same thing in all of them
 */
export function runsOf(read: readonly Read[]): Run[] {
  const [first, ...others] = read;
  for (const other of others) checkComparable(first!, other);
  return read.map(({ dir, tables }) => {
    const { network } = tables.subject;
    const isAlone = read.filter((one) => one.tables.subject.network === network).length === 1;
    return { label: isAlone ? network : `${network} (${dir})`, tables };
  });
}

function checkComparable(first: Read, other: Read): void {
  const refuse = (what: string, one: string, another: string): never => {
    throw new UsageError(`${what} ${one} in ${first.dir} and ${another} in ${other.dir}`, {
      code: 'PN280',
      fix: 'Such figures do not compare: make a table of each by itself.',
    });
  };
  const [origin, another] = [first, other].map(({ tables }) => tables.subject.noiseOrigin);
  if (origin !== another) refuse('the noise is', origin!, another!);
  for (const scope of first.tables.scopes) {
    const same = other.tables.scopes.find((one) => one.name === scope.name);
    if (same === undefined) continue;
    const [here, there] = [first, other].map(({ tables }) => contentOf(tables, scope.name));
    if (here !== there) refuse(`"${scope.name}" is of`, here!, there!);
  }
}

/** The noises of an environment with its D_u, or the environments of an average, in an order of its own. */
function contentOf({ scopes, environments }: ReportTables, name: string): string {
  const scope = scopes.find((one) => one.name === name)!;
  const found = environments.find((one) => one.name === name);
  if (found?.unlabeled) return shiftNote({ ...found, noises: found.noises.toSorted() });
  return (scope.kind === 'average' ? scope.environments : found!.noises).toSorted().join(', ');
}
