import type { ReportTables } from '../build.js';
import { fixed } from '../csv.js';
import type { GateGroup, GateReport } from '../evaluation.js';
import { repeatsNote } from '../notes.js';
import { mean, spread, type Spread } from '../statistics.js';
import { sigmaText, triggeredShare } from '../tables/gate.js';
import { nothing, percent, percentSpread, scopeHeading } from './format.js';
import type { Heading } from './grid.js';
import type { Section } from './section.js';

/** How well the gate separates, and what it triggers. @returns undefined without a gate */
export function gateSection(tables: ReportTables): Section | undefined {
  const groups = byEnvironment(tables);
  if (groups.length === 0) return undefined;
  const share = (gates: readonly GateReport[], group: GateGroup): string =>
    percentSpread(spread(gates.map((gate) => triggeredShare(gate, group))));
  const dead = new Set(
    tables.gate.flatMap(({ deadStages, environment }) =>
      deadStages.map((stage) => `${stage} in ${environment}`),
    ),
  );
  return {
    title: 'Gate: AUC, sigma, and shares that trigger in per cent',
    grid: {
      rowKind: 'environment',
      columnKind: '',
      rows: groups.map(([heading]) => heading),
      columns: ['AUC clean', 'AUC noisy', 'sigma', 'D_t', 'clean', 'D_s', 'right'].map((full) => ({
        full,
      })),
      cells: groups.map(([, gates]) => [
        plain(spread(gates.map((gate) => gate.auc.cleanNormals))),
        plain(spread(gates.map((gate) => gate.auc.noisyNormals))),
        plain(spread(gates.map((gate) => gate.sigma.threshold))),
        share(gates, 'trainingSet'),
        share(gates, 'cleanTest'),
        share(gates, 'heldOut'),
        share(gates, 'rightNoisy'),
      ]),
      canTurn: false,
    },
    notes: [
      'AUC of D_s against rightly classified clean test images, and against rightly classified noisy ones (the harder)',
      'clean: the clean test set; right: rightly classified noisy samples',
      `sigma: ${[...new Set(tables.gate.map(sigmaText))].join(', ')}`,
      ...(dead.size > 0 ? [`dead, all predictions 0: ${[...dead].join('; ')}`] : []),
      repeatsNote(tables),
    ],
  };
}

/** Which stage is at fault: by Fisher information, and by the gate's choice. @returns undefined without a gate */
export function localisationSection(tables: ReportTables): Section | undefined {
  const groups = byEnvironment(tables);
  const stages = tables.gate[0]?.stages;
  if (stages === undefined) return undefined;
  return {
    title: 'Faulty stages: Fisher information, and where the gate sends D_s',
    grid: {
      rowKind: 'environment',
      columnKind: '',
      rows: groups.map(([heading]) => heading),
      columns: [{ full: 'largest', align: 'left' }, ...stages.map((stage) => ({ full: stage }))],
      cells: groups.map(([, gates]) => [
        [...new Set(gates.map((gate) => gate.batchStage))].join(', '),
        ...stages.map((_, i) => {
          const fisher = mean(gates.map((gate) => gate.fisher.failures[i]!));
          const sent = mean(gates.map((gate) => sentShare(gate, i)));
          return `${fixed(fisher!, 3)} ${percent(sent, 0).padStart(3)} %`;
        }),
      ]),
      canTurn: false,
    },
    notes: [
      'a number: mean Fisher information over D_e; largest: the stage where it is (in any repeat)',
      'a percentage: of the samples of D_s that trigger, those that the gate sends to the stage',
    ],
  };
}

/** 0 where nothing triggers. */
function sentShare(gate: GateReport, stage: number): number {
  const { count } = gate.triggered.heldOut;
  return count === 0 ? 0 : gate.picked.heldOut[stage]! / count;
}

function plain(value: Spread | undefined): string {
  if (value === undefined) return nothing;
  const sd = value.sd !== undefined ? ` ±${fixed(value.sd, 3)}` : '';
  return fixed(value.mean, 3) + sd;
}

function byEnvironment({ scopes, gate }: ReportTables): (readonly [Heading, GateReport[]])[] {
  return scopes
    .filter((scope) => scope.kind !== 'average')
    .map((scope) => [scopeHeading(scope), gate.filter((one) => one.environment === scope.name)] as const)
    .filter(([, gates]) => gates.length > 0);
}
