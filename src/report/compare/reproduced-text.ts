import { percent } from '../console/format.js';
import { isEstimate } from './change.js';
import type { FigureDifference } from './compare.js';
import type { FileDifference } from './files.js';

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
  return `${place}: ${side(recorded)} recorded, now ${side(now)}`;
}

function side(text: string | undefined): string {
  if (text === undefined) return 'nothing';
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function figureLine({ table, row, name, a, b }: FigureDifference): string {
  return `${table}, ${row.join(', ')}, ${name}: ${valueText(a)} recorded, now ${valueText(b)}`;
}

/** An estimate in per cent with its interval. */
function valueText(value: FigureDifference['a']): string {
  if (!isEstimate(value)) return side(value === undefined ? undefined : JSON.stringify(value));
  return `${percent(value.mean)} % (${percent(value.low)} to ${percent(value.high)})`;
}
