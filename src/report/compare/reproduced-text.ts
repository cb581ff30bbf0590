import type { FigureDifference } from './compare.js';
import type { FileDifference } from './files.js';
import { shortened, valueText } from './value-text.js';

/** More lines than these help nobody; `--json` has them all. */
const mostLines = 20;

/** One line for each difference: files first. No line break at the end; empty without differences. */
export function reproducedText(
  files: readonly FileDifference[],
  figures: readonly FigureDifference[],
): string {
  const lines = [...files.map(fileLine), ...figures.map(figureLine)];
  const more = lines.length - mostLines;
  return [...lines.slice(0, mostLines), ...(more > 0 ? [`… and ${more} more`] : [])].join('\n');
}

function fileLine({ file, line, column, recorded, now }: FileDifference): string {
  if (line === undefined) return `${file}: not in the record`;
  const place = `${file}, line ${line}${column === undefined ? '' : `, ${column}`}`;
  return `${place}: ${shortened(recorded)} recorded, now ${shortened(now)}`;
}

function figureLine({ table, row, name, a, b }: FigureDifference): string {
  return `${table}, ${row.join(', ')}, ${name}: ${valueText(a)} recorded, now ${valueText(b)}`;
}
