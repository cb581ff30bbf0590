import { markNotes, type Cell, type PaperTable } from '../paper/table.js';
import { nothing } from './format.js';
import type { View } from './grid.js';
import { sectionText, type Section } from './section.js';

/** Stands before the best value, so that decimals stay below each other. */
export const mark = '•';

/** A section for each network of the table; the notes stand below the last. */
export function paperSections(table: PaperTable): Section[] {
  const { title, columnKind, columns, groups, notes, canTurn } = table;
  const last = groups.length - 1;
  return groups.map(({ name, rows }, i) => ({
    title: groups.length > 1 ? `${title}: ${name}` : title,
    grid: {
      rowKind: 'method',
      columnKind,
      rows: rows.map((row) => ({ full: row.name })),
      columns,
      cells: rows.map((row) => row.cells.map(cellText)),
      canTurn,
    },
    notes: i < last ? [] : [...markNotes(table, mark), ...notes],
  }));
}

/** The table for a terminal. Ends with a line break. */
export function paperText(table: PaperTable, view: View): string {
  return `${paperSections(table)
    .map((section) => sectionText(section, view))
    .join('\n\n')}\n`;
}

/** "37.38 ±0.41", marked where it is the best. */
export function cellText(cell: Cell | undefined): string {
  if (cell === undefined) return nothing;
  return `${cell.isBest ? mark : ''}${cell.text}${cell.sd === undefined ? '' : ` ±${cell.sd}`}`;
}
