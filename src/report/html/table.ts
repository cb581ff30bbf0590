import { mark } from '../console/paper-sections.js';
import type { Section } from '../console/section.js';
import type { Heading } from '../console/grid.js';
import { markup, type Markup } from '../markup.js';

/** Where the record of a number is: its row and column by the names that they stand for. */
export type RecordOf = (row: string, column: string) => string;

interface Cell {
  readonly text: string;
  readonly href: string;
}

/** A table as rows and columns are on the page. */
interface Layout {
  readonly rowKind: string;
  readonly rows: readonly Heading[];
  readonly columns: readonly Heading[];
  readonly cells: readonly (readonly Cell[])[];
}

/** More columns than this are turned into rows, where both can change places. */
const mostColumns = 6;

/** A table with its heading and notes; every number links to its record. It scrolls inside itself. */
export function tableOf(section: Section, recordOf: RecordOf): Markup {
  const { title, notes } = section;
  const id = idOf(title);
  const { rowKind, rows, columns, cells } = layOut(section, recordOf);
  const head = columns.map(
    ({ full, align }) => markup`<th scope="col"${align === 'left' ? undefined : number}>${full}</th>`,
  );
  const lines = rows.map((heading, r) => {
    const row = cells[r]!.map((cell, c) => dataCell(cell, columns[c]!.align === 'left'));
    return markup`<tr>${rowHeading(section, rows, heading, r)}${row}</tr>`;
  });
  return markup`<section class="table" aria-labelledby="${id}"><h3 id="${id}">${title}</h3><a class="skip" href="#after-${id}">Skip this table</a><div class="scroll" role="region" aria-labelledby="${id}" tabindex="0"><table><thead><tr><th scope="col">${rowKind}</th>${head}</tr></thead><tbody>${lines}</tbody></table></div><div id="after-${id}" tabindex="-1">${notesOf(notes)}</div></section>`;
}

const number = markup` class="number"`;

export function notesOf(notes: readonly string[]): Markup | undefined {
  return notes.length === 0
    ? undefined
    : markup`<ul class="notes">${notes.map((note) => markup`<li>${note}</li>`)}</ul>`;
}

/** A title as the name of a place on the page. */
export function idOf(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
}

function layOut({ grid }: Section, recordOf: RecordOf): Layout {
  const cells = grid.cells.map((row, r) =>
    row.map((text, c): Cell => ({ text, href: recordOf(nameOf(grid.rows[r]!), nameOf(grid.columns[c]!)) })),
  );
  const isTurned =
    grid.canTurn && grid.columns.length > mostColumns && grid.columns.length > grid.rows.length;
  if (!isTurned) return { ...grid, cells };
  return {
    rowKind: grid.columnKind,
    rows: grid.columns,
    columns: grid.rows,
    cells: grid.columns.map((_, c) => cells.map((row) => row[c]!)),
  };
}

/** What a heading stands for, without the marks and counts that follow it. */
function nameOf({ full }: Heading): string {
  return full.split(/[*\s]/, 1)[0]!;
}

/** Rows that have the same heading share it. */
function rowHeading(
  { grid }: Section,
  rows: readonly Heading[],
  { full }: Heading,
  r: number,
): Markup | undefined {
  if (grid.isGrouped !== true) return markup`<th scope="row">${full}</th>`;
  if (r > 0 && rows[r - 1]!.full === full) return undefined;
  const end = rows.findIndex((row, i) => i > r && row.full !== full);
  const span = (end === -1 ? rows.length : end) - r;
  return markup`<th scope="rowgroup" rowspan="${span}">${full}</th>`;
}

function dataCell({ text, href }: Cell, isLeft: boolean): Markup {
  if (text === '') return markup`<td></td>`;
  const isBest = text.startsWith(mark);
  const shown = isBest
    ? markup`<strong><span class="hidden">best: </span><span aria-hidden="true">${mark}</span>${text.slice(mark.length)}</strong>`
    : markup`${text}`;
  const classes = [isLeft ? '' : 'number', text === 'won' || text === 'lost' ? text : ''].filter(Boolean);
  const content = /\d/.test(text) ? markup`<a href="${href}">${shown}</a>` : shown;
  return markup`<td${classes.length > 0 ? markup` class="${classes.join(' ')}"` : undefined}>${content}</td>`;
}
