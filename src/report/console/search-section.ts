import type { ReportTables, SearchSummary } from '../build.js';
import type { ScoredCandidate } from '../evaluation.js';
import { searchReason } from '../notes.js';
import { mean } from '../statistics.js';
import { percent, percentInterval } from './format.js';
import type { Section } from './section.js';

/** The search against chance, per task. @returns undefined without a search */
export function searchSection(tables: ReportTables): Section | undefined {
  const lines = linesOf(tables);
  if (lines.length === 0) return undefined;
  return {
    title: 'Search: held-out accuracy of the candidates per task, per cent',
    grid: {
      rowKind: 'environment',
      columnKind: '',
      rows: lines.map(({ environment }) => ({ full: environment })),
      columns: [
        { full: 'task', align: 'left' },
        { full: 'chance' },
        { full: 'median' },
        { full: '95 % interval' },
        { full: 'best' },
        { full: 'trained', align: 'left' },
      ],
      cells: lines.map(({ searches, t }) => {
        const judged = searches.map((search) => search.judged[t]!);
        const trained = judged.filter((task) => task.trained).length;
        const average = (of: (task: (typeof judged)[0]) => number): string =>
          percent(mean(judged.map(of)), 1);
        return [
          judged[0]!.task,
          average((task) => task.chance),
          average((task) => task.median.accuracy),
          interval(judged.map((task) => task.median)),
          average((task) => task.best.accuracy),
          searches.length > 1 ? `${trained}/${searches.length}` : trained === 1 ? 'yes' : 'no',
        ];
      }),
      canTurn: false,
      isGrouped: true,
    },
    notes: [
      'trained: the interval of the median candidate lies above chance; the best of many is above chance by luck',
      ...(tables.search.some((search) => search.repeat !== tables.search[0]!.repeat)
        ? ['means over repeats; the interval spans those of the repeats; trained: in how many of them']
        : []),
      ...searchReason(tables),
    ],
  };
}

/** How far the candidates lie apart. @returns undefined without a search */
export function spreadSection(tables: ReportTables): Section | undefined {
  const groups = byEnvironment(tables);
  if (groups.length === 0) return undefined;
  const average = (
    searches: readonly SearchSummary[],
    of: (search: SearchSummary) => number | undefined,
  ): string => percent(mean(searches.map(of).filter((value) => value !== undefined)));
  return {
    title: "Search: spread of the candidates' mean accuracy over tasks, per cent",
    grid: {
      rowKind: 'environment',
      columnKind: '',
      rows: groups.map(([full]) => ({ full })),
      columns: ['candidates', 'worst', 'median', 'best', 'chosen', 'sd', 'chance sd'].map((full) => ({
        full,
      })),
      cells: groups.map(([, searches]) => [
        String(searches[0]!.candidateCount),
        average(searches, ({ spread }) => spread.worst),
        average(searches, ({ spread }) => spread.median),
        average(searches, ({ spread }) => spread.best),
        average(searches, ({ spread }) => spread.chosen),
        average(searches, ({ spread }) => spread.sd),
        average(searches, ({ spread }) => spread.samplingSd),
      ]),
      canTurn: false,
    },
    notes: [
      'chance sd: what equally good candidates would show, at most, by the draw of the scoring images alone',
    ],
  };
}

interface Line {
  readonly environment: string;
  readonly searches: readonly SearchSummary[];
  /** Index of the task. */
  readonly t: number;
}

function linesOf(tables: ReportTables): Line[] {
  return byEnvironment(tables).flatMap(([environment, searches]) =>
    searches[0]!.judged.map((_, t) => ({ environment, searches, t })),
  );
}

function byEnvironment({ search }: ReportTables): [string, SearchSummary[]][] {
  const groups = new Map<string, SearchSummary[]>();
  for (const one of search) groups.set(one.environment, [...(groups.get(one.environment) ?? []), one]);
  return [...groups];
}

/** The interval of the median candidate; with several repeats, what spans all of theirs. */
function interval(medians: readonly ScoredCandidate[]): string {
  return percentInterval(
    {
      low: Math.min(...medians.map((median) => median.low)),
      high: Math.max(...medians.map((median) => median.high)),
    },
    1,
  );
}
