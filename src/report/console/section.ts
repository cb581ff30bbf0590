import type { ReportTables } from '../build.js';
import type { Scope } from '../scopes.js';
import { heading, renderGrid, wrap, type Grid, type View } from './grid.js';

/** One table of the report's text, with its title and what a reader must know beside it. */
export interface Section {
  readonly title: string;
  readonly grid: Grid;
  readonly notes: readonly string[];
}

/** What the text tells about where a table of all environments would be too long: the average, or the only environment. */
export function mainScope({ scopes }: ReportTables): Scope {
  return scopes.find((scope) => scope.kind === 'average') ?? scopes[0]!;
}

/** The method that the text compares with the others: the first that is no control. */
export function mainMethod({ methods }: ReportTables): string | undefined {
  return methods.find((method) => !method.isControl)?.name;
}

/** "average over 3 environments", or the name of the environment. */
export function scopeText({ kind, name, environments }: Scope): string {
  return kind === 'average' ? `average over ${environments.length} environments` : name;
}

/** Title, table and notes, in the width of the view; no line break at the end. */
export function sectionText({ title, grid, notes }: Section, view: View): string {
  return [
    heading(wrap(title, view.columns).trimStart(), view.colour),
    renderGrid(grid, view),
    ...notes.map((note) => wrap(note, view.columns)),
  ].join('\n');
}
