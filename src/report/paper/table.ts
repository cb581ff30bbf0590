import type { ReportTables } from '../build.js';
import { percent } from '../console/format.js';
import type { Heading } from '../console/grid.js';
import { bestNote, noBestNote } from '../notes.js';
import type { Spread } from '../statistics.js';

/** A figure of a table as it is printed. */
export interface Cell {
  readonly text: string;
  /** Standard deviation over repeats. */
  readonly sd?: string;
  /** Better than every other method, by the paired test. */
  readonly isBest?: boolean;
}

export interface PaperRow {
  readonly name: string;
  /** One a column; undefined where there is nothing to tell. */
  readonly cells: readonly (Cell | undefined)[];
}

/** What one network's experiment gives to a table. */
export interface PaperGroup {
  readonly name: string;
  readonly rows: readonly PaperRow[];
}

/** One of the paper's tables over one network or several, before it takes a form. */
export interface PaperTable {
  readonly number: PaperNumber;
  readonly title: string;
  /** What the columns are, where they are of one kind; rows are methods. */
  readonly columnKind: string;
  readonly columns: readonly Heading[];
  readonly groups: readonly PaperGroup[];
  /** What a reader must know beside the numbers. */
  readonly notes: readonly string[];
  /** Columns are of one kind, so that rows and columns may change places. */
  readonly canTurn: boolean;
}

export const paperNumbers = ['1', '2', '3', '4'] as const;
export type PaperNumber = (typeof paperNumbers)[number];

/** The tables of an experiment with the name that its network has beside others. */
export interface Run {
  readonly label: string;
  readonly tables: ReportTables;
}

/** A share of 1 in per cent. */
export function percentCell(spread: Spread | undefined, isBest = false): Cell | undefined {
  if (spread === undefined) return undefined;
  return {
    text: percent(spread.mean),
    ...(spread.sd !== undefined && { sd: percent(spread.sd) }),
    ...(isBest && { isBest }),
  };
}

/** Notes of each kind from each run: once where all runs say the same, else with the name of the run. */
export function notesOf(
  runs: readonly Run[],
  ...kinds: readonly ((tables: ReportTables) => readonly string[])[]
): string[] {
  const texts = kinds.flatMap((of) => {
    const said = runs.map(({ label, tables }) => ({ label, notes: of(tables) }));
    const isOfAll = (note: string): boolean => said.every(({ notes }) => notes.includes(note));
    return said.flatMap(({ label, notes }) =>
      notes.map((note) => (isOfAll(note) ? note : `${label}: ${note}`)),
    );
  });
  return [...new Set(texts)];
}

/**
 * What the mark of the best value means, or that no value has it; nothing where values are not compared.
 * @param mark as the form of the table shows it
 */
export function markNotes({ number, groups }: PaperTable, mark: string): string[] {
  const isCompared = number === '1' || number === '2';
  const methods = Math.max(...groups.map(({ rows }) => rows.length));
  if (!isCompared || methods < 2) return [];
  const isMarked = groups.some(({ rows }) => rows.some(({ cells }) => cells.some((cell) => cell?.isBest)));
  return [isMarked ? bestNote(mark) : noBestNote];
}
