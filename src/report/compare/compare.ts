import { canonicalJson, type Json } from '../../core/canonical-json.js';
import type { ReportTables } from '../build.js';
import { changeBetween, isEstimate, type Change } from './change.js';
import { figuresOf, type Figure, type TableName } from './figures.js';

/** A figure that two results do not share; the side that lacks it is undefined. */
export interface FigureDifference extends Omit<Figure, 'value'> {
  readonly a: Json | undefined;
  readonly b: Json | undefined;
  /** Of figures with intervals on both sides. */
  readonly change?: Change;
}

export interface Comparison {
  /** How many figures each table has, in either of the results. */
  readonly figures: Readonly<Partial<Record<TableName, number>>>;
  readonly differences: readonly FigureDifference[];
}

/**
 * The figures in which two results differ, in the order of the tables of the first, then what only the second has.
 * @param scope only those of this environment
 */
export function compareTables(a: ReportTables, b: ReportTables, scope?: string): Comparison {
  const [first, second] = [figuresOf(a, scope), figuresOf(b, scope)];
  const names = [...new Set([...first.keys(), ...second.keys()])];
  const differences = names.flatMap((key): FigureDifference[] => {
    const [mine, other] = [first.get(key), second.get(key)];
    const { table, row, name } = (mine ?? other)!;
    const [x, y] = [mine?.value, other?.value];
    if (x !== undefined && y !== undefined && canonicalJson(x) === canonicalJson(y)) return [];
    const change = isEstimate(x) && isEstimate(y) ? changeBetween(x, y) : undefined;
    return [{ table, row, name, a: x, b: y, ...(change && { change }) }];
  });
  return { figures: countByTable(names.map((key) => (first.get(key) ?? second.get(key))!)), differences };
}

/**
 * The accuracies of the second that do not lie in the intervals of the first, or are not there.
 * @param scope only those of this environment
 */
export function outsideIntervals(recorded: ReportTables, now: ReportTables, scope?: string): Comparison {
  const found = figuresOf(now, scope);
  const expected = [...figuresOf(recorded, scope)].filter(
    ([, { table, value }]) => table === 'accuracy' && isEstimate(value),
  );
  const differences = expected.flatMap(([key, { table, row, name, value }]): FigureDifference[] => {
    const other = found.get(key)?.value;
    const isInside =
      isEstimate(value) && isEstimate(other) && value.low <= other.mean && other.mean <= value.high;
    return isInside ? [] : [{ table, row, name, a: value, b: other }];
  });
  return { figures: countByTable(expected.map(([, figure]) => figure)), differences };
}

function countByTable(figures: readonly Figure[]): Comparison['figures'] {
  const counts: Partial<Record<TableName, number>> = {};
  for (const { table } of figures) counts[table] = (counts[table] ?? 0) + 1;
  return counts;
}
