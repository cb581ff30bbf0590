import Table from 'cli-table3';

/** How wide the terminal is and whether it shows colours. */
export interface View {
  readonly columns: number;
  readonly colour: boolean;
}

export interface Heading {
  readonly full: string;
  /** Used where the full one finds no room, and then explained below the table. */
  readonly short?: string;
  readonly align?: 'left' | 'right';
}

/** A table for people: cells are finished texts. */
export interface Grid {
  /** What the row headings are, and what the column headings are. */
  readonly rowKind: string;
  readonly columnKind: string;
  readonly rows: readonly Heading[];
  readonly columns: readonly Heading[];
  /** [rows][columns] */
  readonly cells: readonly (readonly string[])[];
  /** Rows may become columns: all cells are of one kind. */
  readonly canTurn: boolean;
  /** Where consecutive rows have the same heading, it is drawn once. */
  readonly isGrouped?: boolean;
}

const bold = (text: string): string => `\u001b[1m${text}\u001b[22m`;
const paints: Readonly<Record<string, (text: string) => string>> = {
  won: (text) => `\u001b[32m${text}\u001b[39m`,
  lost: (text) => `\u001b[31m${text}\u001b[39m`,
};

/**
 * The table in the first of these forms that fits: as it is; with short column headings; turned; cut between
 * columns into several tables, each with the row headings. So no line is longer than the view, unless a single
 * column and the row headings are.
 */
export function renderGrid(grid: Grid, view: View): string {
  const forms = [grid, shortened(grid), ...(grid.canTurn ? [turned(grid)] : [])];
  const fitting = forms.find((form) => widthOf(form) <= view.columns);
  const blocks = fitting ? [fitting] : cut(forms.at(-1)!, view.columns);
  const text = blocks.map((block) => draw(block, view.colour)).join('\n\n');
  const used = new Set((fitting ?? forms.at(-1)!).columns.map((heading) => heading.full));
  const explained = [...grid.columns, ...grid.rows]
    .filter(({ full, short }) => short !== undefined && short !== full && used.has(short))
    .map(({ full, short }) => `${short}: ${full}`);
  return explained.length === 0 ? text : `${text}\n${wrap(explained.join(', '), view.columns)}`;
}

function shortened(grid: Grid): Grid {
  return {
    ...grid,
    columns: grid.columns.map((heading) => ({ ...heading, full: heading.short ?? heading.full })),
  };
}

function turned(grid: Grid): Grid {
  return {
    rowKind: grid.columnKind,
    columnKind: grid.rowKind,
    rows: grid.columns,
    columns: grid.rows,
    cells: grid.columns.map((_, c) => grid.cells.map((row) => row[c]!)),
    canTurn: true,
  };
}

/** Cuts between columns, so that each part fits; a part has at least one column. */
function cut(grid: Grid, columns: number): Grid[] {
  const parts: Grid[] = [];
  for (let from = 0; from < grid.columns.length;) {
    let to = from + 1;
    while (to < grid.columns.length && widthOf(part(grid, from, to + 1)) <= columns) to++;
    parts.push(part(grid, from, to));
    from = to;
  }
  return parts;
}

function part(grid: Grid, from: number, to: number): Grid {
  return {
    ...grid,
    columns: grid.columns.slice(from, to),
    cells: grid.cells.map((row) => row.slice(from, to)),
  };
}

const gap = 2;

const noLines = {
  ...{ top: '', 'top-mid': '', 'top-left': '', 'top-right': '' },
  ...{ bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '' },
  ...{ left: '', 'left-mid': '', mid: '', 'mid-mid': '', right: '', 'right-mid': '', middle: '' },
};

function widthOf(grid: Grid): number {
  const first = widest([grid.rowKind, ...grid.rows.map((heading) => heading.full)]);
  const others = grid.columns.map(({ full }, c) => widest([full, ...grid.cells.map((row) => row[c]!)]));
  return others.reduce((sum, width) => sum + gap + width, gap + first);
}

function widest(texts: readonly string[]): number {
  return Math.max(...texts.map((text) => [...text].length));
}

function draw(grid: Grid, colour: boolean): string {
  const heads = [grid.rowKind, ...grid.columns.map((heading) => heading.full)];
  const table = new Table({
    head: colour ? heads.map(bold) : heads,
    colAligns: ['left', ...grid.columns.map((heading) => heading.align ?? 'right')],
    style: { head: [], border: [], compact: true, 'padding-left': gap, 'padding-right': 0 },
    chars: { ...noLines, mid: '─' },
  });
  for (const [r, row] of grid.cells.entries())
    table.push([
      isRepeated(grid, r) ? '' : grid.rows[r]!.full,
      ...row.map((cell) => (colour ? (paints[cell]?.(cell) ?? cell) : cell)),
    ]);
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

function isRepeated({ isGrouped, rows }: Grid, r: number): boolean {
  return isGrouped === true && r > 0 && rows[r]!.full === rows[r - 1]!.full;
}

/** The text broken between words, indented by the gap of the tables; later lines two further. */
export function wrap(text: string, columns: number): string {
  const lines: string[] = [];
  let line = ' '.repeat(gap);
  for (const word of text.split(' ')) {
    const isEmpty = line.trim() === '';
    if (!isEmpty && [...line].length + 1 + [...word].length > columns) {
      lines.push(line);
      line = ' '.repeat(2 * gap) + word;
    } else line += isEmpty ? word : ` ${word}`;
  }
  return [...lines, line].join('\n');
}

export function heading(text: string, colour: boolean): string {
  return colour ? bold(text) : text;
}
