import { csv, percentColumn, type CsvColumn } from '../csv.js';
import { gateGroups, type GateGroup, type GateReport } from '../evaluation.js';

/** Groups as CSV files name them. */
export const groupNames: Readonly<Record<GateGroup, string>> = {
  trainingSet: 'training_set',
  cleanTest: 'clean_test',
  heldOut: 'held_out',
  rightNoisy: 'right_noisy',
};

/** One line per environment and repeat. The stages of the network, known from the reports, give columns of their own. */
export function gateCsv(network: string, gates: readonly GateReport[]): string {
  const stages = gates[0]?.stages ?? [];
  return csv<GateReport>(
    [
      { name: 'network', value: () => network },
      { name: 'environment', value: (gate) => gate.environment },
      { name: 'repeat', value: (gate) => gate.repeat },
      { name: 'auc_against_right_clean', value: (gate) => gate.auc.cleanNormals, decimals: 6 },
      { name: 'auc_against_right_noisy', value: (gate) => gate.auc.noisyNormals, decimals: 6 },
      { name: 'sigma_setting', value: (gate) => sigmaText(gate) },
      { name: 'sigma', value: (gate) => gate.sigma.threshold, decimals: 6 },
      ...gateGroups.flatMap((group): CsvColumn<GateReport>[] => [
        { name: `${groupNames[group]}_triggered`, value: (gate) => gate.triggered[group].count },
        percentColumn(`${groupNames[group]}_triggered`, (gate) => triggeredShare(gate, group)),
      ]),
      { name: 'dead_stages', value: (gate) => gate.deadStages.join(' ') },
      { name: 'largest_fisher_stage', value: (gate) => gate.batchStage },
      ...stages.flatMap((stage, i): CsvColumn<GateReport>[] => [
        { name: `fisher_failures_${stage}`, value: (gate) => gate.fisher.failures[i], decimals: 8 },
        { name: `fisher_normals_${stage}`, value: (gate) => gate.fisher.normals[i], decimals: 8 },
        ...gateGroups.map((group): CsvColumn<GateReport> => ({
          name: `${groupNames[group]}_sent_to_${stage}`,
          value: (gate) => gate.picked[group][i],
        })),
      ]),
    ],
    gates,
  );
}

/** Share of the group that triggers. @returns undefined for an empty group */
export function triggeredShare(gate: GateReport, group: GateGroup): number | undefined {
  const { count, total } = gate.triggered[group];
  return total === 0 ? undefined : count / total;
}

/** The setting of sigma as the config says it: `quantile 0.95` or `value 1.9`. */
export function sigmaText({ sigma: { setting } }: GateReport): string {
  return 'quantile' in setting ? `quantile ${setting.quantile}` : `value ${setting.value}`;
}
