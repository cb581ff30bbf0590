import { markNotes, type Cell, type PaperTable } from './table.js';

/**
 * A table as GitHub's Markdown shows it: full names, the best value bold, notes as a list below. A column tells the
 * network where there are several. Ends with a line break.
 */
export function markdownTable(table: PaperTable): string {
  const { title, columns, groups, notes } = table;
  const isMany = groups.length > 1;
  const heads = [...(isMany ? ['network'] : []), 'method', ...columns.map(({ full }) => full)];
  const texts = isMany ? 2 : 1;
  const rows = groups.flatMap(({ name: network, rows }) =>
    rows.map(({ name, cells }) =>
      [...(isMany ? [network] : []), name].map(escaped).concat(cells.map(cellText)),
    ),
  );
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    `**${escaped(title)}**`,
    '',
    line(heads.map(escaped)),
    line(heads.map((_, i) => (i < texts ? '---' : '---:'))),
    ...rows.map(line),
    '',
    ...[...markNotes(table, 'bold'), ...notes].map((note) => `- ${escaped(note)}`),
    '',
  ].join('\n');
}

function cellText(cell: Cell | undefined): string {
  if (cell === undefined) return '';
  const mean = cell.isBest ? `**${cell.text}**` : cell.text;
  return cell.sd === undefined ? mean : `${mean} ±${cell.sd}`;
}

/** What would mean something to Markdown; an underline inside a word does not. */
function escaped(text: string): string {
  return text.replace(/[\\`*|<]/g, '\\$&');
}
