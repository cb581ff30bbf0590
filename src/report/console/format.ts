import { fixed } from '../csv.js';
import type { Heading } from './grid.js';
import type { Interval, Spread } from '../statistics.js';

/** What stands where there is nothing to tell. */
export const nothing = '';

/** A share of 1 in per cent: "37.38". */
export function percent(share: number | undefined, decimals = 2): string {
  return share === undefined ? nothing : fixed(share * 100, decimals);
}

/** "37.38", with several repeats "37.38 ±0.41". */
export function percentSpread(spread: Spread | undefined): string {
  if (spread === undefined) return nothing;
  const sd = spread.sd === undefined ? '' : ` ±${percent(spread.sd)}`;
  return percent(spread.mean) + sd;
}

/** A difference in percentage points with its sign: "+1.20". */
export function points(share: number | undefined): string {
  if (share === undefined) return nothing;
  const text = percent(share);
  return text.startsWith('-') || Number(text) === 0 ? text : `+${text}`;
}

export function pointsInterval({ low, high }: Partial<Interval>): string {
  return low === undefined || high === undefined ? nothing : `${points(low)} to ${points(high)}`;
}

export function percentInterval({ low, high }: Partial<Interval>, decimals = 2): string {
  return low === undefined || high === undefined
    ? nothing
    : `${percent(low, decimals)} to ${percent(high, decimals)}`;
}

/** A count, or a mean of counts, with thin groups of three digits: "12,345". */
export function count(value: number): string {
  const [whole, part] = fixed(value, Number.isInteger(value) ? 0 : 1).split('.') as [string, string?];
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return part === undefined ? grouped : `${grouped}.${part}`;
}

/** The paper's short names of the noises; "SO" and "PL" are its own. Table 1 gives glass blur as GB. */
const abbreviations: Readonly<Record<string, string>> = {
  gaussian_noise: 'GN',
  shot_noise: 'SN',
  impulse_noise: 'IN',
  defocus_blur: 'DB',
  glass_blur: 'GB',
  motion_blur: 'MB',
  zoom_blur: 'ZB',
  snow: 'SO',
  frost: 'FR',
  fog: 'FOG',
  brightness: 'BR',
  contrast: 'CO',
  elastic_transform: 'ET',
  pixelate: 'PL',
  jpeg_compression: 'JC',
  average: 'avg.',
  'average-unseen': 'avg.-u.',
};

/** The heading of an environment or average, marked where the defaults were chosen on it. */
export function scopeHeading(scope: { name: string; kind: string; isSeen: boolean }): Heading {
  const mark = scope.isSeen && scope.kind !== 'average' ? '*' : '';
  const short = abbreviations[scope.name];
  return { full: scope.name + mark, ...(short !== undefined && { short: short + mark }) };
}
