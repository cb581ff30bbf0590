import * as Plot from '@observablehq/plot';

import type { ReportTables } from '../build.js';
import { percent, percentSpread } from '../console/format.js';
import { mainMethod, mainScope, scopeText } from '../console/section.js';
import { csv, estimateColumns, spreadColumns } from '../csv.js';
import type { AccuracyRow } from '../tables/accuracy.js';
import type { ReportFiles } from '../results.js';
import { drawChart } from './chart.js';
import { textWidth } from './drawing.js';
import { accent, colours, muted } from './palette.js';

/** Figure 4: accuracy on noisy and clean test images together, per method. */
export function combinedFigure(tables: ReportTables): ReportFiles {
  return { 'figure-4.csv': table(tables), 'figure-4.svg': chart(tables) };
}

function table({ subject, accuracy }: ReportTables): string {
  return csv<AccuracyRow>(
    [
      { name: 'network', value: () => subject.network },
      { name: 'method', value: (row) => row.method },
      { name: 'is_control', value: (row) => row.isControl },
      { name: 'environment', value: (row) => row.scope },
      { name: 'environments', value: (row) => row.environments },
      { name: 'repeats', value: (row) => row.repeats },
      ...spreadColumns<AccuracyRow>('combined_accuracy_before', (row) => row.combinedBefore),
      ...estimateColumns<AccuracyRow>('combined_accuracy', (row) => row.combined),
    ],
    accuracy,
  );
}

function chart(tables: ReportTables): string {
  const scope = mainScope(tables);
  const rows = tables.accuracy.filter((row) => row.scope === scope.name);
  const main = mainMethod(tables);
  const before = rows[0]?.combinedBefore?.mean;
  const marks = rows.map(({ method, isControl, combined }) => ({
    method,
    percent: 100 * combined!.mean,
    low: 100 * (combined!.low ?? combined!.mean),
    high: 100 * (combined!.high ?? combined!.mean),
    text: percent(combined!.mean),
    colour: colourOf(method, isControl, main),
    fill: isControl ? 'none' : colourOf(method, isControl, main),
  }));
  const description = rows.map((row) => `${row.method} ${percentSpread(row.combined)} %`).join(', ');
  return drawChart(
    {
      height: 52 + 26 + 24 * rows.length,
      marginLeft: 18 + Math.max(...rows.map((row) => textWidth(row.method))),
      marginRight: 64,
      x: { label: 'Combined accuracy (per cent)', grid: true, nice: true, inset: 6 },
      y: { label: null, domain: rows.map((row) => row.method), tickSize: 0 },
      marks: [
        before === undefined
          ? null
          : Plot.ruleX([100 * before], { stroke: colours.red, strokeWidth: 1.5, strokeDasharray: '4 3' }),
        Plot.ruleY(marks, { y: 'method', x1: 'low', x2: 'high', stroke: 'colour', strokeWidth: 2 }),
        Plot.dot(marks, {
          y: 'method',
          x: 'percent',
          r: 4.5,
          stroke: 'colour',
          fill: 'fill',
          strokeWidth: 1.5,
        }),
        Plot.text(marks, { y: 'method', text: 'text', frameAnchor: 'right', textAnchor: 'end', dx: 58 }),
      ],
    },
    {
      title: `Figure 4. Accuracy on noisy and clean test images together, ${scopeText(scope)}`,
      description: `In per cent, the deployed network ${percent(before)} %: ${description}.`,
    },
    [
      { label: 'repair', colour: accent, shape: 'dot' },
      { label: 'control', colour: muted, shape: 'ring' },
      { label: 'the deployed network', colour: colours.red, shape: 'dashes' },
      { label: '95 % interval', colour: muted, shape: 'line' },
    ],
  );
}

/** The method that the report is about stands out; controls stand back. */
export function colourOf(method: string, isControl: boolean, main: string | undefined): string {
  return method === main ? accent : isControl ? muted : colours.teal;
}
