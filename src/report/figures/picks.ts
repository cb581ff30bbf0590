import * as Plot from '@observablehq/plot';

import { csv, percentColumn, fixed } from '../csv.js';
import { gateGroups, type GateGroup, type GateReport } from '../evaluation.js';
import type { ReportFiles } from '../results.js';
import { groupNames } from '../tables/gate.js';
import { drawChart } from './chart.js';
import type { FigureData } from './data.js';
import { textWidth } from './drawing.js';
import { muted, seriesColour } from './palette.js';

/** Histogram of the stage that the gate picks; a row of the CSV for each group of samples. */
export function picksFigure({ tables }: FigureData): ReportFiles {
  const { gate, subject } = tables;
  if (gate.length === 0) return {};
  return { 'picks.csv': table(subject.network, gate), 'picks.svg': chart(gate) };
}

interface Pick {
  readonly gate: GateReport;
  readonly group: GateGroup;
  readonly stage: string;
  readonly count: number;
}

function table(network: string, gates: readonly GateReport[]): string {
  const rows = gates.flatMap((gate) =>
    gateGroups.flatMap((group) =>
      gate.stages.map((stage, i): Pick => ({ gate, group, stage, count: gate.picked[group][i]! })),
    ),
  );
  const shareOf = (count: number, of: number): number | undefined => (of === 0 ? undefined : count / of);
  return csv<Pick>(
    [
      { name: 'network', value: () => network },
      { name: 'environment', value: (row) => row.gate.environment },
      { name: 'repeat', value: (row) => row.gate.repeat },
      { name: 'samples_of', value: (row) => groupNames[row.group] },
      { name: 'stage', value: (row) => row.stage },
      { name: 'picked', value: (row) => row.count },
      percentColumn('share_of_triggered', ({ gate, group, count }) =>
        shareOf(count, gate.triggered[group].count),
      ),
      percentColumn('share_of_all', ({ gate, group, count }) => shareOf(count, gate.triggered[group].total)),
    ],
    rows,
  );
}

const notTriggered = 'not triggered';

function chart(gates: readonly GateReport[]): string {
  const environments = [...new Set(gates.map((gate) => gate.environment))];
  const { stages } = gates[0]!;
  const parts = environments.flatMap((environment) => {
    const own = gates.filter((gate) => gate.environment === environment);
    const total = own.reduce((sum, gate) => sum + gate.triggered.heldOut.total, 0);
    const shares = stages.map(
      (_, i) => own.reduce((sum, gate) => sum + gate.picked.heldOut[i]!, 0) / Math.max(1, total),
    );
    const rest = 1 - shares.reduce((sum, share) => sum + share, 0);
    let end = 0;
    return [...shares, rest].map((share, i) => ({
      environment,
      part: stages[i] ?? notTriggered,
      percent: 100 * share,
      from: 100 * end,
      to: 100 * (end += share),
      colour: i < stages.length ? seriesColour(i) : muted,
      opacity: i < stages.length ? 1 : 0.25,
    }));
  });
  const place = { y: 'environment', x1: 'from', x2: 'to' };
  const wide = parts.filter(({ percent }) => percent >= 6);
  return drawChart(
    {
      height: 78 + 26 * environments.length,
      marginLeft: 18 + Math.max(...environments.map(textWidth)),
      marginRight: 20,
      x: { label: 'Held-out failures D_s (per cent)', domain: [0, 100], ticks: 6 },
      y: { label: null, domain: environments, tickSize: 0, padding: 0.25 },
      marks: [
        Plot.barX(parts, { ...place, fill: 'colour', fillOpacity: 'opacity' }),
        Plot.text(
          wide.filter(({ part }) => part !== notTriggered),
          { y: 'environment', x: middle, text: shareText, fill: '#fff', fontWeight: 600 },
        ),
        Plot.text(
          wide.filter(({ part }) => part === notTriggered),
          { y: 'environment', x: middle, text: shareText },
        ),
      ],
      opacity: { type: 'identity' },
    },
    {
      title: 'The stage that the gate picks for held-out failures',
      description: `Shares of D_s in per cent: ${environments
        .map((name) => {
          const own = parts.filter((part) => part.environment === name);
          return `${name}: ${own.map(({ part, percent }) => `${part} ${fixed(percent, 1)}`).join(', ')}`;
        })
        .join('; ')}.`,
    },
    [
      ...stages.map((label, i) => ({ label, colour: seriesColour(i), shape: 'box' as const })),
      { label: notTriggered, colour: muted, shape: 'box' as const },
    ],
  );
}

function middle({ from, to }: { readonly from: number; readonly to: number }): number {
  return (from + to) / 2;
}

function shareText({ percent }: { readonly percent: number }): string {
  return fixed(percent, 0);
}
