import type { Json } from '../core/canonical-json.js';

/** "params.sigma.quantile: 0.95 -> 0.9"; keys are shortened, and a side that is missing is called "nothing" */
export function formatDifference(difference: {
  readonly path: string;
  readonly before: Json | undefined;
  readonly now: Json | undefined;
}): string {
  return `${difference.path}: ${formatValue(difference.before)} -> ${formatValue(difference.now)}`;
}

function formatValue(value: Json | undefined): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)) return value.slice(0, 12);
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
