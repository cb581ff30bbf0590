import type { ReportTables } from './build.js';
import { averageUnseen } from './scopes.js';

/** What a reader of a table must know beside its numbers. */

export function repeatsNote({ repeats }: ReportTables): string {
  return repeats === 1
    ? 'one repeat: no standard deviation'
    : `± is the standard deviation over ${repeats} repeats, which share the test images`;
}

/** @returns the meaning of the asterisk, where there is one */
export function seenNote({ scopes }: ReportTables): string[] {
  if (!scopes.some((scope) => scope.isSeen && scope.kind !== 'average')) return [];
  const without = scopes.some((scope) => scope.name === averageUnseen)
    ? `; ${averageUnseen} leaves these noises out`
    : '';
  return [`* the defaults were chosen with an eye on this noise${without}`];
}

/** @returns what the average is over, where mixtures stand beside it */
export function mixtureNote({ scopes }: ReportTables): string[] {
  const hasAverage = scopes.some((scope) => scope.kind === 'average');
  const hasMixture = scopes.some((scope) => scope.kind === 'mixture');
  return hasAverage && hasMixture ? ['averages are over single noises, without the mixtures'] : [];
}

/** @returns "search not trained", where that is so: for every table that holds figures of a searched patch */
export function searchNote({ search }: ReportTables): string[] {
  const untrained = search.filter((one) => !one.trained).length;
  return untrained === 0 ? [] : [`search not trained in ${untrained} of ${search.length} searches`];
}

/** The same with its reason: for the table of the search itself. */
export function searchReason(tables: ReportTables): string[] {
  const tasks = new Map<string, number>();
  for (const { judged } of tables.search)
    for (const { task, trained } of judged) if (!trained) tasks.set(task, (tasks.get(task) ?? 0) + 1);
  const list = [...tasks].map(([task, times]) => `${task} in ${times}`).join(', ');
  return searchNote(tables).map(
    (note) =>
      `${note}: the median candidate does no better than chance (${list}); a choice by such scores is a lottery`,
  );
}

export function intervalNote({ resamples }: ReportTables): string {
  return (
    `95 % intervals by bootstrap over base images (${resamples} resamples), paired between methods: ` +
    'for the draw of test images, not for that of failures and training'
  );
}
