import type { ReportFiles } from '../results.js';

/** The first place in which a file is not the recorded one. */
export interface FileDifference {
  readonly file: string;
  /** Of the new file, from 1; undefined where the record has no such file. */
  readonly line?: number;
  /** Name of the column, in a CSV file. */
  readonly column?: string;
  /** What stands there; undefined where one of the two ends before. */
  readonly recorded?: string;
  readonly now?: string;
}

/** Gives the text of a file of the record; undefined where it is not there. */
type Recorded = (file: string) => string | undefined;

/** Compares files byte for byte. */
export function compareFiles(recorded: Recorded, now: ReportFiles): FileDifference[] {
  return Object.entries(now).flatMap(([file, text]): FileDifference[] => {
    const known = recorded(file);
    if (known === text) return [];
    if (known === undefined) return [{ file }];
    const [old, young] = [known.split('\n'), text.split('\n')];
    const line = old.findIndex((one, i) => one !== young[i]);
    const at = line < 0 ? old.length : line; // the new text goes on where the old one ends
    return [{ file, line: at + 1, ...difference(file, old[0]!, old[at], young[at]) }];
  });
}

/**
 * Looks for every line of the new CSV files of tables in those of the record, which hold other environments as well.
 * Figures are not looked at: they are drawn from all environments together.
 */
export function compareRows(recorded: Recorded, now: ReportFiles): FileDifference[] {
  return Object.entries(now).flatMap(([file, text]): FileDifference[] => {
    if (!file.endsWith('.csv') || file.includes('/')) return [];
    const known = recorded(file)?.split('\n');
    if (known === undefined) return [{ file }];
    const young = text.split('\n');
    const at = young.findIndex((one) => !known.includes(one));
    if (at < 0) return [];
    const likest = known.toSorted((a, b) => sharedCells(b, young[at]!) - sharedCells(a, young[at]!))[0];
    return [{ file, line: at + 1, ...difference(file, known[0]!, likest, young[at]) }];
  });
}

/** How many cells two rows have in common before the first that differs. */
function sharedCells(a: string, b: string): number {
  const other = b.split(',');
  const at = a.split(',').findIndex((cell, i) => cell !== other[i]);
  return at < 0 ? other.length : at;
}

/** Of CSV files the first column that differs, where both rows have all columns; else the lines. */
function difference(
  file: string,
  head: string,
  recorded: string | undefined,
  now: string | undefined,
): Omit<FileDifference, 'file'> {
  const lines = { ...(recorded !== undefined && { recorded }), ...(now !== undefined && { now }) };
  if (!file.endsWith('.csv') || recorded === undefined || now === undefined) return lines;
  const heads = head.split(',');
  const [mine, other] = [recorded.split(','), now.split(',')];
  if (heads.length !== mine.length || mine.length !== other.length) return lines;
  const at = sharedCells(recorded, now);
  return { column: heads[at]!, recorded: mine[at]!, now: other[at]! };
}
