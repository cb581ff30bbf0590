import { csv, spreadColumns } from '../csv.js';
import type { Evaluation, Method } from '../evaluation.js';
import { evaluationsOf, spreadOver, type Scope } from '../scopes.js';
import type { Spread } from '../statistics.js';

/** Table 3: samples that a repair used. */
export interface SamplesRow {
  readonly scope: string;
  readonly method: string;
  readonly repeats: number;
  readonly trainingSet: number;
  readonly failures: Spread;
  /** Samples of D_t. */
  readonly triggered: Spread;
  /** Both together. */
  readonly used: Spread;
  /** `triggered` as a share of D_t. */
  readonly shareOfTrainingSet: Spread;
  /** `used` as a share of D_t and D_e together: the paper's percentage. */
  readonly shareOfAll: Spread;
}

export function samplesRows(
  evaluations: readonly Evaluation[],
  methods: readonly Method[],
  scopes: readonly Scope[],
): SamplesRow[] {
  return methods.flatMap(({ name: method }) =>
    scopes.flatMap((scope) => {
      const repeats = evaluationsOf(evaluations, method, scope);
      if (repeats.length === 0) return [];
      const over = (figure: (samples: Evaluation['samples']) => number): Spread =>
        spreadOver(repeats, ({ samples }) => figure(samples))!;
      return {
        scope: scope.name,
        method,
        repeats: repeats.length,
        trainingSet: over((samples) => samples.trainingSet).mean,
        failures: over((samples) => samples.failures),
        triggered: over((samples) => samples.triggered),
        used: over((samples) => samples.failures + samples.triggered),
        shareOfTrainingSet: over((samples) => samples.triggered / samples.trainingSet),
        shareOfAll: over(
          ({ failures, triggered, trainingSet }) => (failures + triggered) / (trainingSet + failures),
        ),
      };
    }),
  );
}

export function samplesCsv(network: string, rows: readonly SamplesRow[]): string {
  return csv<SamplesRow>(
    [
      { name: 'network', value: () => network },
      { name: 'method', value: (row) => row.method },
      { name: 'environment', value: (row) => row.scope },
      { name: 'repeats', value: (row) => row.repeats },
      { name: 'training_set', value: (row) => row.trainingSet },
      { name: 'failures_used_mean', value: (row) => row.failures.mean, decimals: 1 },
      { name: 'training_samples_used_mean', value: (row) => row.triggered.mean, decimals: 1 },
      { name: 'training_samples_used_sd', value: (row) => row.triggered.sd, decimals: 1 },
      { name: 'samples_used_mean', value: (row) => row.used.mean, decimals: 1 },
      ...spreadColumns<SamplesRow>('share_of_training_set', (row) => row.shareOfTrainingSet),
      ...spreadColumns<SamplesRow>('share_of_training_set_and_failures', (row) => row.shareOfAll),
    ],
    rows,
  );
}
