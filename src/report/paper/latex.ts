import type { Heading } from '../console/grid.js';
import { markNotes, type Cell, type PaperRow, type PaperTable } from './table.js';

/**
 * With more columns a table takes the whole width of a page of two columns, and standard deviations stand below their
 * means: beside them fifteen noises would be too small to read.
 */
const mostInColumn = 6;

/** Narrower where there is too little room, and never wider than by itself. */
const fitting = '\\ifdim\\width>\\linewidth\\linewidth\\else\\width\\fi';

/**
 * A table for LaTeX with `booktabs` and `graphicx`: the paper's short names of noises, explained below, and the best
 * value bold. Several networks stand below each other, each under its name. Ends with a line break.
 */
export function latexTable(table: PaperTable): string {
  const { number, title, columns, groups, notes } = table;
  const isWide = columns.length > mostInColumn;
  const environment = isWide ? 'table*' : 'table';
  const shorts = columns.filter(({ full, short }) => short !== undefined && short !== full);
  const explained = shorts.map(({ full, short }) => `${short}: ${full}`).join(', ');
  const said = [...markNotes(table, 'bold'), ...notes, ...(explained === '' ? [] : [explained])];
  const body = groups.flatMap(({ name, rows }, i) => [
    ...(i > 0 ? ['\\midrule'] : []),
    ...(groups.length > 1
      ? [`\\multicolumn{${columns.length + 1}}{l}{\\textit{${escaped(name)}}} \\\\`]
      : []),
    ...rows.flatMap(isWide ? twoLines : oneLine),
  ]);
  return [
    '% needs \\usepackage{booktabs} and \\usepackage{graphicx}',
    `\\begin{${environment}}`,
    '\\centering',
    `\\caption{${escaped(title.replace(/^Table \d\. /, ''))}}`,
    `\\label{tab:patchnas-${number}}`,
    `\\resizebox{${fitting}}{!}{%`,
    `\\begin{tabular}{l${'r'.repeat(columns.length)}}`,
    '\\toprule',
    line(['method', ...columns.map(headText)]),
    '\\midrule',
    ...body,
    '\\bottomrule',
    '\\end{tabular}}',
    // Paragraphs: a line break would take the asterisk of a note for its own.
    '\\par\\smallskip\\raggedright\\footnotesize',
    ...said.map((note) => `${escaped(note)}\\par`),
    `\\end{${environment}}`,
    '',
  ].join('\n');
}

function line(cells: readonly string[]): string {
  return `${cells.join(' & ')} \\\\`.replace(/ +/g, ' ').trimStart();
}

function headText({ full, short }: Heading): string {
  return escaped(short ?? full);
}

function oneLine({ name, cells }: PaperRow): string[] {
  return [
    line([escaped(name), ...cells.map((cell) => [meanText(cell), sdText(cell)].filter(Boolean).join(' '))]),
  ];
}

function twoLines({ name, cells }: PaperRow): string[] {
  const sds = cells.map(sdText);
  const hasSd = sds.some((sd) => sd !== '');
  const means = line([escaped(name), ...cells.map(meanText)]);
  return hasSd ? [`${means}[-2pt]`, `${line(['', ...sds])}[1pt]`] : [means];
}

function meanText(cell: Cell | undefined): string {
  if (cell === undefined) return '';
  return cell.isBest ? `\\textbf{${cell.text}}` : cell.text;
}

function sdText(cell: Cell | undefined): string {
  return cell?.sd === undefined ? '' : `{\\scriptsize$\\pm$${cell.sd}}`;
}

const characters: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '<': '$<$',
  '>': '$>$',
  '±': '$\\pm$',
  '"': "''",
};

/** A text in which nothing has a meaning to LaTeX; D_s and its like are formulas. */
function escaped(text: string): string {
  return text
    .split(/\b(D_[a-z])\b/)
    .map((part, i) =>
      i % 2 === 1
        ? `$${part}$`
        : part.replace(/[\\~^<>±"&%$#_{}]/g, (character) => characters[character] ?? `\\${character}`),
    )
    .join('');
}
