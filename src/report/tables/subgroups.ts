import { isHeldOut } from '../accuracy.js';
import { csv, estimateColumns, spreadColumns, type CsvColumn } from '../csv.js';
import type { Evaluation, Method, Samples } from '../evaluation.js';
import { evaluationsOf, type Scope } from '../scopes.js';
import { effectiveSamples, mean, spread, wilson, type Estimate, type Spread } from '../statistics.js';

/** One severity or one class of one method in one environment, or their average. */
export interface SubgroupRow {
  readonly scope: string;
  readonly method: string;
  /** "1" to "5", or the name of a class. */
  readonly group: string;
  readonly repeats: number;
  /** Mean numbers of samples in an environment. */
  readonly heldOutSamples: number;
  readonly noisySamples: number;
  readonly heldOut: Estimate | undefined;
  readonly noisyBefore: Spread | undefined;
  readonly noisy: Estimate | undefined;
  /** Mean numbers of noisy samples in an environment that turn from wrong to right, and from right to wrong. */
  readonly mended: number;
  readonly broken: number;
  /** Of classes only. */
  readonly cleanBefore: Spread | undefined;
  readonly clean: Estimate | undefined;
  /** Undefined where the method does not use a search. */
  readonly isSearchTrained: boolean | undefined;
}

/** Rows by method, scope, severity. */
export function severityRows(
  evaluations: readonly Evaluation[],
  methods: readonly Method[],
  scopes: readonly Scope[],
  isTrained: IsTrained,
): SubgroupRow[] {
  const severities = [...new Set(evaluations.flatMap(({ noisy }) => [...new Set(noisy.severity)]))].sort();
  return rows(evaluations, methods, scopes, isTrained, severities.map(String), {
    noisy: ({ noisy }, i) => severities.indexOf(noisy.severity[i]!),
  });
}

/** Rows by method, scope, class. @param classes names in the order of the labels */
export function classRows(
  evaluations: readonly Evaluation[],
  methods: readonly Method[],
  scopes: readonly Scope[],
  isTrained: IsTrained,
  classes: readonly string[],
): SubgroupRow[] {
  return rows(evaluations, methods, scopes, isTrained, classes, {
    noisy: ({ noisy }, i) => noisy.label[i]!,
    clean: ({ clean }, k) => clean.label[k]!,
  });
}

type IsTrained = (scope: Scope) => boolean | undefined;
/** Index of the group that sample i is in; -1 for none. */
type GroupOf = (evaluation: Evaluation, i: number) => number;

function rows(
  evaluations: readonly Evaluation[],
  methods: readonly Method[],
  scopes: readonly Scope[],
  isTrained: IsTrained,
  groups: readonly string[],
  groupOf: { readonly noisy: GroupOf; readonly clean?: GroupOf },
): SubgroupRow[] {
  // Each evaluation is counted once, though averages ask for it again.
  const counted = new Map(
    evaluations.map((evaluation) => {
      const { noisy, clean } = groupOf;
      const held: GroupOf = (e, i) => (isHeldOut(e.noisy, i) ? noisy(e, i) : -1);
      const counts = {
        held: count(evaluation, 'noisy', groups.length, held),
        noisy: count(evaluation, 'noisy', groups.length, noisy),
        clean: clean && count(evaluation, 'clean', groups.length, clean),
      };
      return [evaluation, counts];
    }),
  );
  return methods.flatMap(({ name: method, usesSearch }) =>
    scopes.flatMap((scope) => {
      const found = evaluationsOf(evaluations, method, scope);
      if (found.length === 0) return [];
      return groups.map((group, g): SubgroupRow => {
        const repeats = found.map((list) => list.map((evaluation) => counted.get(evaluation)!));
        const held = repeats.map((list) => list.map((counts) => counts.held[g]!));
        const noisy = repeats.map((list) => list.map((counts) => counts.noisy[g]!));
        const clean = repeats.map((list) => list.flatMap((counts) => counts.clean?.[g] ?? []));
        const average = (counts: readonly (readonly Counts[])[], field: keyof Counts): number =>
          mean(counts.flat().map((one) => one[field]))!;
        return {
          scope: scope.name,
          method,
          group,
          repeats: repeats.length,
          heldOutSamples: average(held, 'samples'),
          noisySamples: average(noisy, 'samples'),
          heldOut: estimateOf(held),
          noisyBefore: spreadOf(noisy, 'before'),
          noisy: estimateOf(noisy),
          mended: average(noisy, 'mended'),
          broken: average(noisy, 'broken'),
          cleanBefore: spreadOf(clean, 'before'),
          clean: estimateOf(clean),
          isSearchTrained: usesSearch ? isTrained(scope) : undefined,
        };
      });
    }),
  );
}

interface Counts {
  readonly samples: number;
  /** Samples that would tell as much if no two shared a base image. */
  readonly effective: number;
  readonly before: number;
  readonly after: number;
  readonly mended: number;
  readonly broken: number;
}

/** Counts of each group. */
function count(evaluation: Evaluation, part: 'noisy' | 'clean', groups: number, groupOf: GroupOf): Counts[] {
  const { label, original, repaired }: Samples = evaluation[part];
  const counts = Array.from({ length: groups }, () => ({ before: 0, after: 0, mended: 0, broken: 0 }));
  const images = counts.map((): number[] => []);
  for (let i = 0; i < label.length; i++) {
    const group = groupOf(evaluation, i);
    const found = counts[group];
    if (found === undefined) continue;
    images[group]!.push(part === 'noisy' ? evaluation.noisy.baseImage[i]! : i);
    const was = original[i] === label[i];
    const is = repaired[i] === label[i];
    if (was) found.before++;
    if (is) found.after++;
    if (is && !was) found.mended++;
    if (was && !is) found.broken++;
  }
  return counts.map((found, group) => ({
    ...found,
    samples: images[group]!.length,
    effective: effectiveSamples(images[group]!),
  }));
}

/** Share of right answers: averaged over environments within a repeat, then spread over repeats. */
function spreadOf(repeats: readonly (readonly Counts[])[], when: 'before' | 'after'): Spread | undefined {
  return spread(
    repeats.map((list) =>
      list.some((counts) => counts.samples === 0)
        ? undefined
        : mean(list.map((counts) => counts[when] / counts.samples)),
    ),
  );
}

/**
 * The spread after the repair, in one environment with Wilson's interval of the mean as if the repeats saw the same
 * samples and samples of a base image stood or fell together: rather too wide. Averages over environments have none.
 */
function estimateOf(repeats: readonly (readonly Counts[])[]): Estimate | undefined {
  const center = spreadOf(repeats, 'after');
  if (center === undefined || repeats.some((list) => list.length !== 1)) return center;
  return { ...center, ...wilson(center.mean, mean(repeats.map(([counts]) => counts!.effective))!) };
}

function columns(network: string, group: string): CsvColumn<SubgroupRow>[] {
  return [
    { name: 'network', value: () => network },
    { name: 'method', value: (row) => row.method },
    { name: 'environment', value: (row) => row.scope },
    { name: group, value: (row) => row.group },
    { name: 'repeats', value: (row) => row.repeats },
    { name: 'held_out_failures_mean', value: (row) => row.heldOutSamples, decimals: 1 },
    { name: 'noisy_samples_mean', value: (row) => row.noisySamples, decimals: 1 },
    ...estimateColumns<SubgroupRow>('held_out_accuracy', (row) => row.heldOut),
    ...spreadColumns<SubgroupRow>('noisy_accuracy_before', (row) => row.noisyBefore),
    ...estimateColumns<SubgroupRow>('noisy_accuracy', (row) => row.noisy),
    { name: 'wrong_to_right_mean', value: (row) => row.mended, decimals: 1 },
    { name: 'right_to_wrong_mean', value: (row) => row.broken, decimals: 1 },
    { name: 'search_trained', value: (row) => row.isSearchTrained },
  ];
}

export function severityCsv(network: string, list: readonly SubgroupRow[]): string {
  return csv(columns(network, 'severity'), list);
}

export function classesCsv(network: string, list: readonly SubgroupRow[]): string {
  return csv(
    [
      ...columns(network, 'class'),
      ...spreadColumns<SubgroupRow>('clean_accuracy_before', (row) => row.cleanBefore),
      ...estimateColumns<SubgroupRow>('clean_accuracy', (row) => row.clean),
    ],
    list,
  );
}
