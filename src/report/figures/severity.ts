import * as Plot from '@observablehq/plot';

import type { ReportTables } from '../build.js';
import { percent } from '../console/format.js';
import { mainMethod, mainScope, scopeText } from '../console/section.js';
import type { ReportFiles } from '../results.js';
import { severityCsv, type SubgroupRow } from '../tables/subgroups.js';
import { drawChart } from './chart.js';
import { colourOf } from './combined.js';
import { textWidth } from './drawing.js';
import { apart } from './end-labels.js';

/** Accuracy on the noisy half by severity, a line for each method. @returns nothing with a single severity */
export function severityFigure(tables: ReportTables): ReportFiles {
  const scope = mainScope(tables);
  const rows = tables.severity.filter((row) => row.scope === scope.name && row.noisy !== undefined);
  const severities = [...new Set(rows.map((row) => Number(row.group)))];
  if (severities.length < 2) return {};
  return {
    'severity.csv': severityCsv(tables.subject.network, tables.severity),
    'severity.svg': chart(tables, rows, severities, scopeText(scope)),
  };
}

const height = 380;
const margins = { marginTop: 12, marginBottom: 40 };

function chart(
  tables: ReportTables,
  rows: readonly SubgroupRow[],
  severities: readonly number[],
  scope: string,
): string {
  const main = mainMethod(tables);
  const controls = new Set(tables.accuracy.filter((row) => row.isControl).map((row) => row.method));
  const names = [...new Set(rows.map((row) => row.method))];
  const points = rows.map((row) => ({
    method: row.method,
    severity: Number(row.group),
    percent: 100 * row.noisy!.mean,
    colour: colourOf(row.method, controls.has(row.method), main),
    width: row.method === main ? 2.5 : 1.25,
  }));
  const values = points.map((point) => point.percent);
  const domain = [Math.floor(Math.min(...values) / 5) * 5, Math.ceil(Math.max(...values) / 5) * 5] as const;
  const unitsPerPixel = (domain[1] - domain[0]) / (height - margins.marginTop - margins.marginBottom);
  const ends = names.map((name) => points.findLast((point) => point.method === name)!);
  const places = apart(
    ends.map(({ method, percent: y }) => ({ text: method, y })),
    13 * unitsPerPixel,
    domain,
  );
  const labels = ends.map((end, i) => ({ ...end, place: places[i]! }));
  return drawChart(
    {
      ...margins,
      height,
      marginLeft: 56,
      marginRight: 24 + Math.max(...names.map(textWidth)),
      x: { label: 'Severity', type: 'point', domain: severities, padding: 0.15 },
      y: { label: 'Accuracy on noisy images (per cent)', domain, grid: true },
      marks: [
        Plot.line(points, {
          x: 'severity',
          y: 'percent',
          z: 'method',
          stroke: 'colour',
          strokeWidth: (point: (typeof points)[0]) => point.width,
        }),
        Plot.dot(points, { x: 'severity', y: 'percent', r: 2.5, fill: 'colour' }),
        Plot.text(labels, {
          x: 'severity',
          y: 'place',
          text: 'method',
          fill: 'colour',
          textAnchor: 'start',
          dx: 10,
        }),
      ],
    },
    {
      title: `Accuracy on noisy images by severity, ${scope}`,
      description: `In per cent, severity ${severities.join(', ')}: ${names
        .map((name) => {
          const own = rows.filter((row) => row.method === name);
          return `${name} ${own.map((row) => percent(row.noisy!.mean, 1)).join(', ')}`;
        })
        .join('; ')}.`,
    },
  );
}
