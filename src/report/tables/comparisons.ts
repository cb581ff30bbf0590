import { differenceDraws, type Accuracies, type Measure } from '../accuracy.js';
import { csv, estimateColumns } from '../csv.js';
import type { Method } from '../evaluation.js';
import type { Scope } from '../scopes.js';
import { estimate, verdict, type Estimate, type Verdict } from '../statistics.js';

/** What methods are compared on. */
export const comparedMeasures = [
  'heldOut',
  'noisy',
  'clean',
  'combined',
] as const satisfies readonly Measure[];
export type ComparedMeasure = (typeof comparedMeasures)[number];

/** One method less another on one measure: on the same samples, in the same resamples. */
export interface ComparisonRow {
  readonly scope: string;
  readonly method: string;
  readonly other: string;
  readonly otherIsControl: boolean;
  readonly measure: ComparedMeasure;
  /** Environments of the scope that both methods were run in, and repeats of them. */
  readonly environments: number;
  readonly repeats: number;
  /** In shares of 1, with the 95 % interval of the paired bootstrap. */
  readonly difference: Estimate;
  readonly verdict: Verdict;
  /** Undefined where neither method uses a search. */
  readonly isSearchTrained: boolean | undefined;
}

/**
 * Every method that is no control against each method after it and each control. An average is over those of its
 * environments that both were run in, where those are at least two.
 */
export function comparisonRows(
  accuracies: Accuracies,
  methods: readonly Method[],
  scopes: readonly Scope[],
  hasRun: (method: string, environment: string) => boolean,
  isTrained: (scope: Scope) => boolean | undefined,
): ComparisonRow[] {
  const ordered = [
    ...methods.filter((method) => !method.isControl),
    ...methods.filter((method) => method.isControl),
  ];
  const rows: ComparisonRow[] = [];
  for (const [i, method] of ordered.entries()) {
    if (method.isControl) break;
    for (const other of ordered.slice(i + 1)) {
      for (const scope of scopes) {
        const environments = scope.environments.filter(
          (name) => hasRun(method.name, name) && hasRun(other.name, name),
        );
        if (environments.length < Math.min(2, scope.environments.length)) continue;
        for (const measure of comparedMeasures) {
          const pair = [method.name, other.name] as const;
          const difference = estimate(differenceDraws(accuracies, pair, environments, measure));
          if (difference === undefined) continue;
          rows.push({
            scope: scope.name,
            method: method.name,
            other: other.name,
            otherIsControl: other.isControl,
            measure,
            environments: environments.length,
            repeats: difference.repeats,
            difference,
            verdict: verdict(difference),
            isSearchTrained: method.usesSearch || other.usesSearch ? isTrained(scope) : undefined,
          });
        }
      }
    }
  }
  return rows;
}

/** Measures as CSV files name them. */
export const measureNames: Readonly<Record<ComparedMeasure, string>> = {
  heldOut: 'held_out_accuracy',
  noisy: 'noisy_accuracy',
  clean: 'clean_accuracy',
  combined: 'combined_accuracy',
};

export function comparisonsCsv(network: string, rows: readonly ComparisonRow[]): string {
  return csv<ComparisonRow>(
    [
      { name: 'network', value: () => network },
      { name: 'method', value: (row) => row.method },
      { name: 'minus', value: (row) => row.other },
      { name: 'minus_is_control', value: (row) => row.otherIsControl },
      { name: 'environment', value: (row) => row.scope },
      { name: 'measure', value: (row) => measureNames[row.measure] },
      { name: 'environments', value: (row) => row.environments },
      { name: 'repeats', value: (row) => row.repeats },
      ...estimateColumns<ComparisonRow>('difference', (row) => row.difference),
      { name: 'verdict', value: (row) => row.verdict },
      { name: 'search_trained', value: (row) => row.isSearchTrained },
    ],
    rows,
  );
}
