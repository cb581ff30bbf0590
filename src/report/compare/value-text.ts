import type { Json } from '../../core/canonical-json.js';
import { percent } from '../console/format.js';
import { isEstimate } from './change.js';

/** A figure in a line: an estimate in per cent with its interval, anything else as JSON. */
export function valueText(value: Json | undefined): string {
  if (!isEstimate(value)) return shortened(value === undefined ? undefined : JSON.stringify(value));
  return `${percent(value.mean)} % (${percent(value.low)} to ${percent(value.high)})`;
}

/** At most 60 characters. */
export function shortened(text: string | undefined): string {
  if (text === undefined) return 'nothing';
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
