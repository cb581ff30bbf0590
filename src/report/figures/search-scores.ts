import * as Plot from '@observablehq/plot';

import { csv, percentColumn } from '../csv.js';
import type { Candidate, SearchReport } from '../evaluation.js';
import { percent } from '../console/format.js';
import type { ReportFiles } from '../results.js';
import { mean } from '../statistics.js';
import { drawChart } from './chart.js';
import type { FigureData } from './data.js';
import { textWidth } from './drawing.js';
import { accent, colours, muted } from './palette.js';

/** Scores of all candidates of the searches, with the chosen one. */
export function searchScoresFigure({ tables, searches }: FigureData): ReportFiles {
  if (searches.length === 0) return {};
  return {
    'search-scores.csv': table(tables.subject.network, searches),
    'search-scores.svg': chart(searches),
  };
}

function table(network: string, searches: readonly SearchReport[]): string {
  const rows = searches.flatMap((search) => search.candidates.map((candidate) => ({ search, candidate })));
  return csv<(typeof rows)[0]>(
    [
      { name: 'network', value: () => network },
      { name: 'environment', value: (row) => row.search.environment },
      { name: 'repeat', value: (row) => row.search.repeat },
      { name: 'candidate', value: (row) => row.candidate.index },
      { name: 'is_chosen', value: (row) => row.candidate.index === row.search.chosen },
      { name: 'parameters', value: (row) => row.candidate.parameters },
      percentColumn('mean_accuracy', (row) => scoreOf(row.candidate)),
      ...searches[0]!.tasks.map(({ name }, t) =>
        percentColumn<(typeof rows)[0]>(`${name}_accuracy`, (row) => row.candidate.accuracies[t]),
      ),
      percentColumn('chance', (row) => chanceOf(row.search)),
    ],
    rows,
  );
}

function chart(searches: readonly SearchReport[]): string {
  const hasRepeats = searches.some((search) => search.repeat > 0);
  const nameOf = ({ environment, repeat }: SearchReport): string =>
    hasRepeats ? `${environment}, r${repeat}` : environment;
  const names = searches.map(nameOf);
  const scores = searches.flatMap((search) =>
    search.candidates.map((candidate) => ({
      name: nameOf(search),
      percent: 100 * scoreOf(candidate),
      isChosen: candidate.index === search.chosen,
    })),
  );
  const chances = searches.map((search) => ({ name: nameOf(search), percent: 100 * chanceOf(search) }));
  const height = hasRepeats ? 18 : 26;
  const place = { y: 'name', x: 'percent' };
  return drawChart(
    {
      height: 78 + height * names.length,
      marginLeft: 18 + Math.max(...names.map(textWidth)),
      marginRight: 20,
      x: {
        label: 'Held-out accuracy, mean over tasks (per cent)',
        grid: true,
        nice: true,
        inset: 6,
      },
      y: { label: null, domain: names, tickSize: 0, type: 'band', padding: 0.3 },
      marks: [
        Plot.tickX(scores, { ...place, stroke: muted, strokeOpacity: 0.6 }),
        Plot.tickX(chances, { ...place, stroke: colours.red, strokeWidth: 1.5, strokeDasharray: '3 2' }),
        Plot.dot(
          scores.filter((score) => score.isChosen),
          { ...place, r: 4.5, fill: accent },
        ),
      ],
    },
    {
      title: "The candidates' scores in the search",
      description: `Mean held-out accuracy over ${searches[0]!.tasks.map(({ name }) => name).join(', ')} in per cent: ${searches
        .map(
          (search) =>
            `${nameOf(search)}: ${search.candidates.length} candidates from ${percent(search.spread.worst)} to ${percent(search.spread.best)}, chosen ${percent(search.spread.chosen)}, chance ${percent(chanceOf(search))}`,
        )
        .join('; ')}.`,
    },
    [
      { label: 'chosen', colour: accent, shape: 'dot' },
      { label: 'a candidate', colour: muted, shape: 'line' },
      { label: 'chance', colour: colours.red, shape: 'dashes' },
    ],
  );
}

function scoreOf({ accuracies }: Candidate): number {
  return mean(accuracies)!;
}

function chanceOf({ tasks }: SearchReport): number {
  return mean(tasks.map((task) => task.chance))!;
}
