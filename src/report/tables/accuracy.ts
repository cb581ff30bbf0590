import { accuracyDraws, accuracyOf, isHeldOut, type Accuracies } from '../accuracy.js';
import { bestMethod } from '../best.js';
import { csv, estimateColumns, spreadColumns, type CsvColumn } from '../csv.js';
import type { Evaluation, Method } from '../evaluation.js';
import { evaluationsOf, spreadOver, type Scope } from '../scopes.js';
import { estimate, type Estimate, type Spread } from '../statistics.js';
import { comparedMeasures, measureNames, type ComparedMeasure } from './comparisons.js';

/** Table 1 (and 2, for mixtures): one method in one environment, or its average. */
export interface AccuracyRow {
  readonly scope: string;
  readonly isSeen: boolean;
  readonly method: string;
  readonly isControl: boolean;
  readonly environments: number;
  readonly repeats: number;
  /** Mean number of samples of D_s, in all environments of the row together. */
  readonly heldOutSamples: number;
  readonly heldOut: Estimate | undefined;
  /** Share of D_s that goes through the repaired part: with a gate, the ceiling of `heldOut`. */
  readonly triggered: Spread | undefined;
  readonly rightKept: Estimate | undefined;
  readonly noisyBefore: Spread | undefined;
  readonly noisy: Estimate | undefined;
  readonly cleanBefore: Spread | undefined;
  readonly clean: Estimate | undefined;
  readonly combinedBefore: Spread | undefined;
  readonly combined: Estimate | undefined;
  /** Measures on which it is better than every other method of the scope, bounds apart, by the paired test (`bestMethod`). */
  readonly best: readonly ComparedMeasure[];
  /** Undefined where the method does not use a search. */
  readonly isSearchTrained: boolean | undefined;
}

/** Rows by method, then scope; none where the method lacks an environment of the scope. */
export function accuracyRows(
  evaluations: readonly Evaluation[],
  accuracies: Accuracies,
  methods: readonly Method[],
  scopes: readonly Scope[],
  isTrained: (scope: Scope) => boolean | undefined,
): AccuracyRow[] {
  const best = bestOfScopes(evaluations, accuracies, methods, scopes);
  return methods.flatMap((method) =>
    scopes.flatMap((scope) => {
      const repeats = evaluationsOf(evaluations, method.name, scope);
      if (repeats.length === 0) return [];
      const of = (measure: Parameters<typeof accuracyDraws>[3]): Estimate | undefined =>
        estimate([...accuracyDraws(accuracies, method.name, scope.environments, measure).values()]);
      return {
        scope: scope.name,
        isSeen: scope.isSeen,
        method: method.name,
        isControl: method.isControl,
        environments: scope.environments.length,
        repeats: repeats.length,
        heldOutSamples: spreadOver(repeats, heldOutCount)!.mean * scope.environments.length,
        heldOut: of('heldOut'),
        triggered: spreadOver(repeats, triggerRate),
        rightKept: of('rightKept'),
        noisyBefore: spreadOver(repeats, ({ noisy }) => accuracyOf(noisy, 'original')),
        noisy: of('noisy'),
        cleanBefore: spreadOver(repeats, ({ clean }) => accuracyOf(clean, 'original')),
        clean: of('clean'),
        combinedBefore: spreadOver(repeats, combinedBefore),
        combined: of('combined'),
        best: comparedMeasures.filter((measure) => best.get(scope.name)![measure] === method.name),
        isSearchTrained: method.usesSearch ? isTrained(scope) : undefined,
      };
    }),
  );
}

type Best = Readonly<Record<ComparedMeasure, string | undefined>>;

function bestOfScopes(
  evaluations: readonly Evaluation[],
  accuracies: Accuracies,
  methods: readonly Method[],
  scopes: readonly Scope[],
): Map<string, Best> {
  return new Map(
    scopes.map((scope) => {
      const names = methods
        .filter(({ isBound }) => !isBound)
        .map((method) => method.name)
        .filter((name) => evaluationsOf(evaluations, name, scope).length > 0);
      const best = comparedMeasures.map(
        (measure) => [measure, bestMethod(accuracies, names, scope.environments, measure)] as const,
      );
      return [scope.name, Object.fromEntries(best) as Best];
    }),
  );
}

function heldOutCount({ noisy }: Evaluation): number {
  let count = 0;
  for (let i = 0; i < noisy.label.length; i++) if (isHeldOut(noisy, i)) count++;
  return count;
}

function triggerRate({ noisy }: Evaluation): number | undefined {
  let count = 0;
  let triggered = 0;
  for (let i = 0; i < noisy.label.length; i++) {
    if (!isHeldOut(noisy, i)) continue;
    count++;
    triggered += noisy.flagged[i]!;
  }
  return count === 0 ? undefined : triggered / count;
}

function combinedBefore({ noisy, clean }: Evaluation): number {
  const [n, k] = [noisy.label.length, clean.label.length];
  const hits = (accuracyOf(noisy, 'original') ?? 0) * n + (accuracyOf(clean, 'original') ?? 0) * k;
  return hits / (n + k);
}

interface Table {
  readonly scopes: readonly Scope[];
  readonly accuracy: readonly AccuracyRow[];
}

/** The rows of Table 1: single noises and the averages over them. */
export function noiseRows({ scopes, accuracy }: Table): AccuracyRow[] {
  return accuracy.filter((row) => !isMade(scopes, row));
}

/** The rows of Table 2: mixtures of noises, and environments whose D_u is unlike what comes later. */
export function mixtureRows({ scopes, accuracy }: Table): AccuracyRow[] {
  return accuracy.filter((row) => isMade(scopes, row));
}

function isMade(scopes: readonly Scope[], row: AccuracyRow): boolean {
  const kind = scopes.find((scope) => scope.name === row.scope)?.kind;
  return kind === 'mixture' || kind === 'shift';
}

export function accuracyCsv(network: string, rows: readonly AccuracyRow[]): string {
  return csv<AccuracyRow>(
    [
      { name: 'network', value: () => network },
      { name: 'method', value: (row) => row.method },
      { name: 'is_control', value: (row) => row.isControl },
      { name: 'environment', value: (row) => row.scope },
      { name: 'defaults_chosen_on_it', value: (row) => row.isSeen },
      { name: 'environments', value: (row) => row.environments },
      { name: 'repeats', value: (row) => row.repeats },
      { name: 'held_out_failures_mean', value: (row) => row.heldOutSamples, decimals: 1 },
      ...measureColumns('heldOut'),
      ...spreadColumns<AccuracyRow>('held_out_triggered', (row) => row.triggered),
      ...estimateColumns<AccuracyRow>('right_noisy_kept', (row) => row.rightKept),
      ...spreadColumns<AccuracyRow>('noisy_accuracy_before', (row) => row.noisyBefore),
      ...measureColumns('noisy'),
      ...spreadColumns<AccuracyRow>('clean_accuracy_before', (row) => row.cleanBefore),
      ...measureColumns('clean'),
      ...spreadColumns<AccuracyRow>('combined_accuracy_before', (row) => row.combinedBefore),
      ...measureColumns('combined'),
      { name: 'search_trained', value: (row) => row.isSearchTrained },
    ],
    rows,
  );
}

/** The estimate of a measure, and whether it is the best of its environment. */
function measureColumns(measure: ComparedMeasure): CsvColumn<AccuracyRow>[] {
  const name = measureNames[measure];
  return [
    ...estimateColumns<AccuracyRow>(name, (row) => row[measure]),
    { name: `${name}_best`, value: (row) => row.best.includes(measure) },
  ];
}
