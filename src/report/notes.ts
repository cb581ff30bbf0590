import type { ReportTables } from './build.js';
import type { Environment } from './evaluation.js';
import { averageUnseen } from './scopes.js';

/** What a reader of a table must know beside its numbers. */

export function repeatsNote({ repeats }: ReportTables): string {
  return repeats === 1
    ? 'one repeat: no standard deviation'
    : `± is the standard deviation over ${repeats} repeats, which share the test images`;
}

/** "few: glass_blur; D_u has 50 images": what is tested, and in what D_u is unlike it. */
export function shiftNote({ name, noises, unlabeled = {} }: Environment): string {
  const { noises: other, severities, clean, samples } = unlabeled;
  const differences = [
    ...(samples === undefined ? [] : [`has ${samples} images`]),
    ...(other === undefined ? [] : [`is of ${other.join(', ')}`]),
    ...(severities === undefined ? [] : [`is of severity ${severities.join(', ')}`]),
    ...(clean === undefined ? [] : [`is clean by ${Math.round(100 * clean)} %`]),
  ];
  return `${name}: ${noises.join(', ')}; D_u ${differences.join(', ') || 'is of other draws'}`;
}

/** @returns the meaning of the asterisk, where there is one */
export function seenNote({ scopes }: ReportTables): string[] {
  if (!scopes.some((scope) => scope.isSeen && scope.kind !== 'average')) return [];
  const without = scopes.some((scope) => scope.name === averageUnseen)
    ? `; ${averageUnseen} leaves these noises out`
    : '';
  return [`* the defaults were chosen with an eye on this noise${without}`];
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

/** @returns what must be known of single methods; of two forms of one, once */
export function methodNotes({ methods }: ReportTables): string[] {
  const names = new Map<string, string[]>();
  for (const { name, note } of methods)
    if (note !== undefined) names.set(note, [...(names.get(note) ?? []), name]);
  return [...names].map(([note, of]) => `${of.join(', ')}: ${note}`);
}

const pairedTest = 'by the paired bootstrap over base images (95 %)';

/** What the mark of the best value means. @param mark as the form of the table shows it */
export function bestNote(mark: string): string {
  return `${mark}: better than every other method there, ${pairedTest}`;
}

export const noBestNote = `no value is better than that of every other method, ${pairedTest}: none is marked`;

/** @returns what pooled figures are made of, where noisy images are not the clean ones */
export function unpairedNote({ subject }: ReportTables): string[] {
  return subject.noiseOrigin === 'unpaired'
    ? ['unpaired: noisy images are other pictures than the clean test images, none has a clean counterpart']
    : [];
}

/** @returns that the figures tell nothing, where that is so: for every table */
export function syntheticNote({ subject }: ReportTables): string[] {
  return subject.isSynthetic
    ? [
        `SYNTHETIC: the images of ${subject.dataset} are drawings made from a seed; these figures mean nothing`,
      ]
    : [];
}

/** @returns what holds for every table of a report */
export function tableNotes(tables: ReportTables): string[] {
  return [...syntheticNote(tables), ...unpairedNote(tables), ...searchNote(tables), repeatsNote(tables)];
}

export function intervalNote({ resamples }: ReportTables): string {
  return (
    `95 % intervals by bootstrap over base images (${resamples} resamples), paired between methods: ` +
    'for the draw of test images, not for that of failures and training'
  );
}
