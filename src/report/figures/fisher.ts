import * as Plot from '@observablehq/plot';

import { csv, fixed } from '../csv.js';
import type { ReportFiles } from '../results.js';
import { mean } from '../statistics.js';
import { drawChart } from './chart.js';
import type { FigureData, FisherSummary } from './data.js';
import { facetScales, facetsOf } from './facets.js';
import { colours } from './palette.js';

/** Fisher information of each stage: failures beside samples that the network gets right. */
export function fisherFigure({ tables, fisher }: FigureData): ReportFiles {
  if (fisher.length === 0) return {};
  return {
    'fisher.csv': csv<FisherSummary>(
      [
        { name: 'network', value: () => tables.subject.network },
        { name: 'environment', value: (row) => row.environment },
        { name: 'repeat', value: (row) => row.repeat },
        { name: 'stage', value: (row) => row.stage },
        { name: 'group', value: (row) => row.group },
        { name: 'samples', value: (row) => row.samples },
        { name: 'fisher_information_mean', value: (row) => row.mean, decimals: 8 },
        { name: 'fisher_information_lower_quartile', value: (row) => row.quartiles[0], decimals: 8 },
        { name: 'fisher_information_median', value: (row) => row.quartiles[1], decimals: 8 },
        { name: 'fisher_information_upper_quartile', value: (row) => row.quartiles[2], decimals: 8 },
      ],
      fisher,
    ),
    'fisher.svg': chart(fisher),
  };
}

const groups = [
  { group: 'failures', label: 'failures (D_e)', colour: colours.red, dx: -5 },
  { group: 'normals', label: 'rightly classified clean images', colour: colours.blue, dx: 5 },
] as const;

function chart(fisher: readonly FisherSummary[]): string {
  const environments = [...new Set(fisher.map((row) => row.environment))];
  const stages = [...new Set(fisher.map((row) => row.stage))];
  const facets = facetsOf(environments);
  const repeats = new Set(fisher.map((row) => row.repeat)).size;
  /** Means over repeats. */
  const marksOf = (group: FisherSummary['group']) =>
    environments.flatMap((environment) =>
      stages.map((stage) => {
        const own = fisher.filter(
          (row) => row.environment === environment && row.stage === stage && row.group === group,
        );
        const over = (of: (row: FisherSummary) => number): number => mean(own.map(of))!;
        return {
          ...facets.placeOf(environment),
          stage: stage.replace(/^\D+/, ''),
          mean: over((row) => row.mean),
          lower: over((row) => row.quartiles[0]),
          upper: over((row) => row.quartiles[2]),
        };
      }),
    );
  const meansOf = (environment: string, group: FisherSummary['group']): string =>
    stages
      .map((stage) => {
        const own = fisher.filter(
          (row) => row.environment === environment && row.stage === stage && row.group === group,
        );
        return fixed(mean(own.map((row) => row.mean))!, 3);
      })
      .join(', ');
  return drawChart(
    {
      ...facetScales(facets),
      width: 76 + facets.columns * facets.side,
      height: 84 + facets.rows * 150,
      marginTop: 25,
      marginLeft: 56,
      x: { label: 'Stage', type: 'point', padding: 0.6 },
      y: { label: 'Fisher information', zero: true, nice: true, grid: true, ticks: 4 },
      marks: [
        Plot.frame({ strokeOpacity: 0.25 }),
        Plot.text(facets.titles, { fx: 'fx', fy: 'fy', text: 'title', frameAnchor: 'top', dy: -17 }),
        ...groups.flatMap(({ group, colour, dx }) => {
          const marks = marksOf(group);
          const place = { fx: 'fx', fy: 'fy', x: 'stage', dx };
          return [
            Plot.ruleX(marks, { ...place, y1: 'lower', y2: 'upper', stroke: colour, strokeWidth: 2 }),
            Plot.dot(marks, { ...place, y: 'mean', r: 4, fill: colour }),
          ];
        }),
      ],
    },
    {
      title: 'Fisher information of each stage',
      description: `Means over failures, and over rightly classified clean images, by stage: ${environments
        .map((name) => `${name} ${meansOf(name, 'failures')}, and ${meansOf(name, 'normals')}`)
        .join('; ')}.${repeats > 1 ? ` Means over ${repeats} repeats.` : ''}`,
    },
    [
      ...groups.map(({ label, colour }) => ({ label, colour, shape: 'dot' as const })),
      { label: 'middle half', colour: colours.grey, shape: 'line' },
    ],
  );
}
