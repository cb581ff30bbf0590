import * as Plot from '@observablehq/plot';

import { csv, fixed } from '../csv.js';
import type { ReportFiles } from '../results.js';
import { mean } from '../statistics.js';
import type { TimeRow } from '../tables/times.js';
import { drawChart } from './chart.js';
import { textWidth } from './drawing.js';
import { accent, muted } from './palette.js';

/** Seconds of one method over its environments and repeats. */
interface MethodTimes {
  readonly method: string;
  readonly repairs: number;
  readonly repair: { readonly mean: number; readonly shortest: number; readonly longest: number };
  readonly prepared: number;
  readonly isSideBySide: boolean;
}

/** Figure 5: how long a repair takes, per method. It differs from run to run, as `times.csv` does. */
export function timesFigure(network: string, times: readonly TimeRow[]): ReportFiles {
  const rows = [...new Set(times.map((row) => row.method))].map((method) => timesOf(method, times));
  const timed = rows.filter((row) => row.repair.mean > 0);
  return {
    'figure-5.csv': csv<MethodTimes>(
      [
        { name: 'network', value: () => network },
        { name: 'method', value: (row) => row.method },
        { name: 'repairs', value: (row) => row.repairs },
        { name: 'repair_seconds_mean', value: (row) => row.repair.mean, decimals: 3 },
        { name: 'repair_seconds_shortest', value: (row) => row.repair.shortest, decimals: 3 },
        { name: 'repair_seconds_longest', value: (row) => row.repair.longest, decimals: 3 },
        { name: 'prepared_in_advance_seconds_mean', value: (row) => row.prepared, decimals: 3 },
        { name: 'ran_side_by_side', value: (row) => row.isSideBySide },
      ],
      rows,
    ),
    ...(timed.length > 0 && { 'figure-5.svg': chart(timed, rows) }),
  };
}

function timesOf(method: string, times: readonly TimeRow[]): MethodTimes {
  const own = times.filter((row) => row.method === method);
  const seconds = own.map((row) => row.repairSeconds);
  return {
    method,
    repairs: own.length,
    repair: { mean: mean(seconds)!, shortest: Math.min(...seconds), longest: Math.max(...seconds) },
    prepared: mean(own.map((row) => row.preparedSeconds))!,
    isSideBySide: own.some((row) => row.isSideBySide),
  };
}

/** @param timed rows that took any time: a logarithm has no place for 0 */
function chart(timed: readonly MethodTimes[], all: readonly MethodTimes[]): string {
  const marks = timed.map(({ method, repair, prepared, isSideBySide }) => ({
    method: isSideBySide ? `${method} †` : method,
    ...repair,
    prepared: prepared > 0 ? prepared : undefined,
    text: `${fixed(repair.mean, 1)} s`,
  }));
  const untimed = all.filter((row) => !timed.includes(row)).map((row) => row.method);
  const sentences = [
    `Mean seconds of a repair: ${timed.map((row) => `${row.method} ${fixed(row.repair.mean, 1)}`).join(', ')}.`,
    ...(untimed.length > 0 ? [`Nothing is repaired by ${untimed.join(', ')}.`] : []),
    ...(timed.some((row) => row.isSideBySide)
      ? ['† Stages ran side by side, so each took longer than it would alone.']
      : []),
  ];
  return drawChart(
    {
      height: 78 + 24 * marks.length,
      marginLeft: 18 + Math.max(...marks.map((row) => textWidth(row.method))),
      marginRight: 72,
      x: {
        type: 'log',
        label: 'Seconds (log scale)',
        grid: true,
        nice: true,
        ticks: 5,
        tickFormat: '~r',
      },
      y: { label: null, domain: marks.map((row) => row.method), tickSize: 0 },
      marks: [
        Plot.ruleY(marks, { y: 'method', x1: 'shortest', x2: 'longest', stroke: accent, strokeWidth: 2 }),
        Plot.dot(marks, { y: 'method', x: 'prepared', r: 4, stroke: muted, strokeWidth: 1.5 }),
        Plot.dot(marks, { y: 'method', x: 'mean', r: 4.5, fill: accent }),
        Plot.text(marks, { y: 'method', text: 'text', frameAnchor: 'right', textAnchor: 'end', dx: 66 }),
      ],
    },
    { title: 'Figure 5. Time of a repair', description: sentences.join(' ') },
    [
      { label: 'repair, mean', colour: accent, shape: 'dot' },
      { label: 'shortest to longest', colour: accent, shape: 'line' },
      { label: 'prepared in advance', colour: muted, shape: 'ring' },
    ],
  );
}
