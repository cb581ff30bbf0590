import * as Plot from '@observablehq/plot';

import { csv, fixed, percentColumn } from '../csv.js';
import type { ReportFiles } from '../results.js';
import { mean } from '../statistics.js';
import { drawChart } from './chart.js';
import type { FigureData, RocCurve } from './data.js';
import { facetScales, facetsOf } from './facets.js';
import { colours } from './palette.js';

/** Figure 6: how well the gate tells failures from what the network gets right, per environment. */
export function rocFigure({ tables, roc }: FigureData): ReportFiles {
  if (roc.length === 0) return {};
  const { network } = tables.subject;
  return { 'figure-6.csv': table(network, roc), 'figure-6.svg': chart(roc) };
}

function table(network: string, roc: readonly RocCurve[]): string {
  const rows = roc.flatMap(({ points, ...curve }) => points.map((point) => ({ ...curve, ...point })));
  return csv<(typeof rows)[0]>(
    [
      { name: 'network', value: () => network },
      { name: 'environment', value: (row) => row.environment },
      { name: 'repeat', value: (row) => row.repeat },
      { name: 'against_rightly_classified', value: (row) => row.normals },
      { name: 'auc', value: (row) => row.auc, decimals: 6 },
      {
        name: 'threshold',
        value: (row) => (Number.isFinite(row.threshold) ? row.threshold : undefined),
        decimals: 6,
      },
      percentColumn('false_positive_rate', (row) => row.falsePositiveRate),
      percentColumn('true_positive_rate', (row) => row.truePositiveRate),
    ],
    rows,
  );
}

const colourOf = { clean: colours.blue, noisy: colours.orange } as const;

function chart(roc: readonly RocCurve[]): string {
  const environments = [...new Set(roc.map((curve) => curve.environment))];
  const facets = facetsOf(environments);
  const points = roc.flatMap(({ environment, repeat, normals, points }) =>
    points.map((point) => ({
      ...facets.placeOf(environment),
      x: 100 * point.falsePositiveRate,
      y: 100 * point.truePositiveRate,
      colour: colourOf[normals],
      curve: `${normals} ${repeat}`,
    })),
  );
  const areas = environments.flatMap((environment) =>
    (['clean', 'noisy'] as const).map((normals, line) => ({
      ...facets.placeOf(environment),
      x: 98,
      y: 26 - 14 * line,
      text: aucText(roc, environment, normals),
      colour: colourOf[normals],
    })),
  );
  return drawChart(
    {
      ...facetScales(facets),
      width: 76 + facets.columns * facets.side,
      height: 84 + facets.rows * (facets.side + 14),
      marginTop: 25,
      marginRight: 20,
      marginLeft: 56,
      x: {
        label: 'False positive rate (per cent)',
        domain: [0, 100],
        ticks: [0, 50, 100],
      },
      y: {
        label: 'True positive rate (per cent)',
        domain: [0, 100],
        ticks: [0, 50, 100],
      },
      marks: [
        Plot.frame({ strokeOpacity: 0.25 }),
        Plot.text(facets.titles, { fx: 'fx', fy: 'fy', text: 'title', frameAnchor: 'top', dy: -17 }),
        Plot.link(facets.titles, {
          fx: 'fx',
          fy: 'fy',
          x1: () => 0,
          y1: () => 0,
          x2: () => 100,
          y2: () => 100,
          strokeOpacity: 0.3,
          strokeDasharray: '3 3',
        }),
        Plot.line(points, {
          fx: 'fx',
          fy: 'fy',
          x: 'x',
          y: 'y',
          z: 'curve',
          stroke: 'colour',
          strokeWidth: 1.5,
        }),
        Plot.text(areas, {
          fx: 'fx',
          fy: 'fy',
          x: 'x',
          y: 'y',
          text: 'text',
          fill: 'colour',
          textAnchor: 'end',
        }),
      ],
    },
    {
      title: 'Figure 6. ROC of the gate, with the area under it',
      description: `Area under the curve of failures against rightly classified clean images, and against rightly classified noisy ones: ${environments
        .map((name) => `${name} ${aucText(roc, name, 'clean')} and ${aucText(roc, name, 'noisy')}`)
        .join(', ')}.`,
    },
    [
      { label: 'against clean images', colour: colourOf.clean, shape: 'line' },
      { label: 'against noisy images', colour: colourOf.noisy, shape: 'line' },
    ],
  );
}

/** The mean over repeats. */
function aucText(roc: readonly RocCurve[], environment: string, normals: RocCurve['normals']): string {
  const own = roc.filter((curve) => curve.environment === environment && curve.normals === normals);
  const area = mean(own.map((curve) => curve.auc).filter((auc) => auc !== undefined));
  return area === undefined ? 'none' : fixed(area, 2);
}
