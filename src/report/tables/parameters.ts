import { csv, spreadColumns } from '../csv.js';
import type { Evaluation, Method, ParameterCounts } from '../evaluation.js';
import { evaluationsOf, spreadOver, type Scope } from '../scopes.js';
import type { Spread } from '../statistics.js';

/** Table 4: what a repair adds to the deployed network, in parameters. */
export interface ParametersRow {
  readonly scope: string;
  readonly method: string;
  readonly repeats: number;
  readonly original: number;
  readonly probesAndGate: number;
  /** The searched structure differs between environments and repeats, and so does its size. */
  readonly patch: Spread & { readonly smallest: number; readonly largest: number };
  readonly buffers: Spread;
  readonly trained: Spread;
  readonly transferred: Spread;
  /** `transferred` as a share of `original`. */
  readonly overhead: Spread;
  /** Undefined where the method does not use a search. */
  readonly isSearchTrained: boolean | undefined;
}

export function parametersRows(
  evaluations: readonly Evaluation[],
  methods: readonly Method[],
  scopes: readonly Scope[],
  isTrained: (scope: Scope) => boolean | undefined,
): ParametersRow[] {
  return methods.flatMap(({ name: method, usesSearch }) =>
    scopes.flatMap((scope) => {
      const repeats = evaluationsOf(evaluations, method, scope);
      if (repeats.length === 0) return [];
      const over = (figure: (parameters: ParameterCounts) => number): Spread =>
        spreadOver(repeats, ({ parameters }) => figure(parameters))!;
      const patches = repeats.flat().map(({ parameters }) => parameters.patch);
      return {
        scope: scope.name,
        method,
        repeats: repeats.length,
        original: over((parameters) => parameters.original).mean,
        probesAndGate: over((parameters) => parameters.probesAndGate).mean,
        patch: {
          ...over((parameters) => parameters.patch),
          smallest: Math.min(...patches),
          largest: Math.max(...patches),
        },
        buffers: over((parameters) => parameters.buffers),
        trained: over((parameters) => parameters.trained),
        transferred: over((parameters) => parameters.transferred),
        overhead: over((parameters) => parameters.transferred / parameters.original),
        isSearchTrained: usesSearch ? isTrained(scope) : undefined,
      };
    }),
  );
}

export function parametersCsv(network: string, rows: readonly ParametersRow[]): string {
  return csv<ParametersRow>(
    [
      { name: 'network', value: () => network },
      { name: 'method', value: (row) => row.method },
      { name: 'environment', value: (row) => row.scope },
      { name: 'repeats', value: (row) => row.repeats },
      { name: 'original_parameters', value: (row) => row.original },
      { name: 'probes_and_gate_parameters', value: (row) => row.probesAndGate },
      { name: 'patch_parameters_mean', value: (row) => row.patch.mean, decimals: 1 },
      { name: 'patch_parameters_smallest', value: (row) => row.patch.smallest },
      { name: 'patch_parameters_largest', value: (row) => row.patch.largest },
      { name: 'transferred_parameters_mean', value: (row) => row.transferred.mean, decimals: 1 },
      ...spreadColumns<ParametersRow>('overhead', (row) => row.overhead),
      { name: 'trained_parameters_mean', value: (row) => row.trained.mean, decimals: 1 },
      { name: 'buffers_apart_mean', value: (row) => row.buffers.mean, decimals: 1 },
      { name: 'search_trained', value: (row) => row.isSearchTrained },
    ],
    rows,
  );
}
