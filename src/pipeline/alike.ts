import type { Json } from '../core/canonical-json.js';
import type { Address } from './key.js';
import type { StageRecord } from './record.js';
import type { StageDefinition } from './stage.js';

/** A field that differs between two hashed texts; a side that lacks it is undefined. */
export interface Difference {
  /** Names from the top, such as `params.sigma.quantile`. */
  readonly path: string;
  readonly before: Json | undefined;
  readonly now: Json | undefined;
}

/** The fields in which two hashed texts differ, in the order of their paths. */
export function differences(before: string, now: string): Difference[] {
  const old = leaves(JSON.parse(before) as Json);
  const young = leaves(JSON.parse(now) as Json);
  const paths = [...new Set([...old.keys(), ...young.keys()])].sort();
  return paths
    .filter((path) => JSON.stringify(old.get(path)) !== JSON.stringify(young.get(path)))
    .map((path) => ({ path, before: old.get(path), now: young.get(path) }));
}

/**
 * The earlier record that is most like the wanted one: made for the same task if there is one, then with the fewest
 * differences, then the latest.
 */
export function mostAlike(
  wanted: Address,
  task: string,
  records: readonly StageRecord[],
): { readonly record: StageRecord; readonly differences: readonly Difference[] } | undefined {
  return records
    .map((record) => ({ record, differences: differences(record.hashed, wanted.text) }))
    .sort(
      (a, b) =>
        Number(b.record.task === task) - Number(a.record.task === task) ||
        a.differences.length - b.differences.length ||
        b.record.finishedAt.localeCompare(a.record.finishedAt),
    )[0];
}

/** The records of work of the wanted kind. */
export function ofSameWork(
  { kindOfWork = [] }: Pick<StageDefinition, 'kindOfWork'>,
  wanted: Address,
  records: readonly StageRecord[],
): StageRecord[] {
  const telling = new Set(kindOfWork.map((path) => `params.${path}`));
  return records.filter(
    ({ hashed }) => !differences(hashed, wanted.text).some(({ path }) => telling.has(path)),
  );
}

/** Every number, text, truth value, null and list by its path. Lists are compared whole: a place in one is no name. */
function leaves(value: Json, path = '', into = new Map<string, Json>()): Map<string, Json> {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) into.set(path, value);
  else
    for (const [name, item] of Object.entries(value))
      leaves(item, path === '' ? name : `${path}.${name}`, into);
  return into;
}
