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
}

/** Rows by method, scope, severity. */
export function severityRows(
  evaluations: readonly Evaluation[],
  methods: readonly Method[],
  scopes: readonly Scope[],
): SubgroupRow[] {
  const severities = [...new Set(evaluations.flatMap(({ noisy }) => [...new Set(noisy.severity)]))].sort();
  return rows(evaluations, methods, scopes, severities.map(String), (group) => ({
    noisy: ({ noisy }, i) => noisy.severity[i] === severities[group],
  }));
}

/** Rows by method, scope, class. @param classes names in the order of the labels */
export function classRows(
  evaluations: readonly Evaluation[],
  methods: readonly Method[],
  scopes: readonly Scope[],
  classes: readonly string[],
): SubgroupRow[] {
  return rows(evaluations, methods, scopes, classes, (group) => ({
    noisy: ({ noisy }, i) => noisy.label[i] === group,
    clean: ({ clean }, k) => clean.label[k] === group,
  }));
}

type IsMember = (evaluation: Evaluation, i: number) => boolean;

function rows(
  evaluations: readonly Evaluation[],
  methods: readonly Method[],
  scopes: readonly Scope[],
  groups: readonly string[],
  membersOf: (group: number) => { noisy: IsMember; clean?: IsMember },
): SubgroupRow[] {
  // Each evaluation and group is counted once, though averages ask for it again.
  const counted = new Map(
    evaluations.map((evaluation) => [
      evaluation,
      groups.map((_, g) => {
        const { noisy, clean } = membersOf(g);
        const held: IsMember = (e, i) => noisy(e, i) && isHeldOut(e.noisy, i);
        return {
          held: count(evaluation, 'noisy', held),
          noisy: count(evaluation, 'noisy', noisy),
          clean: clean && count(evaluation, 'clean', clean),
        };
      }),
    ]),
  );
  return methods.flatMap(({ name: method }) =>
    scopes.flatMap((scope) => {
      const found = evaluationsOf(evaluations, method, scope);
      if (found.length === 0) return [];
      return groups.map((group, g): SubgroupRow => {
        const repeats = found.map((list) => list.map((evaluation) => counted.get(evaluation)![g]!));
        const average = (figure: (counts: (typeof repeats)[0][0]) => number): number =>
          mean(repeats.flat().map(figure))!;
        const noisy = repeats.map((list) => list.map((counts) => counts.noisy));
        const clean = repeats.map((list) => list.flatMap((counts) => counts.clean ?? []));
        return {
          scope: scope.name,
          method,
          group,
          repeats: repeats.length,
          heldOutSamples: average((counts) => counts.held.samples),
          noisySamples: average((counts) => counts.noisy.samples),
          heldOut: estimateOf(repeats.map((list) => list.map((counts) => counts.held))),
          noisyBefore: spreadOf(noisy, 'before'),
          noisy: estimateOf(noisy),
          mended: average((counts) => counts.noisy.mended),
          broken: average((counts) => counts.noisy.broken),
          cleanBefore: spreadOf(clean, 'before'),
          clean: estimateOf(clean),
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

function count(evaluation: Evaluation, part: 'noisy' | 'clean', isMember: IsMember): Counts {
  const samples: Samples = evaluation[part];
  const images: number[] = [];
  let [before, after, mended, broken] = [0, 0, 0, 0];
  for (let i = 0; i < samples.label.length; i++) {
    if (!isMember(evaluation, i)) continue;
    images.push(part === 'noisy' ? evaluation.noisy.baseImage[i]! : i);
    const was = samples.original[i] === samples.label[i];
    const is = samples.repaired[i] === samples.label[i];
    if (was) before++;
    if (is) after++;
    if (is && !was) mended++;
    if (was && !is) broken++;
  }
  return { samples: images.length, effective: effectiveSamples(images), before, after, mended, broken };
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
