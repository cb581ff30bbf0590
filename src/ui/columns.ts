/** Rows of text as columns: the first row is the head; numbers stand right, texts left. */
export function columns(rows: readonly (readonly (string | { readonly right: string })[])[]): string {
  const texts = rows.map((row) => row.map((cell) => (typeof cell === 'string' ? cell : cell.right)));
  const widths = (texts[0] ?? []).map((_, i) => Math.max(...texts.map((row) => row[i]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, i) =>
          typeof cell === 'string' ? cell.padEnd(widths[i] ?? 0) : cell.right.padStart(widths[i] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
