import type { Json } from '../../core/canonical-json.js';
import type { Estimate, Interval } from '../statistics.js';

/** How far one estimate lies from another, with a 95 % interval. */
export interface Change extends Interval {
  readonly mean: number;
  /** Resolved only where the interval leaves 0 out. */
  readonly verdict: 'higher' | 'lower' | 'unresolved';
}

type Known = Estimate & Interval;

/** A mean with its interval, as the tables hold it. */
export function isEstimate(value: Json | undefined): value is Json & Known {
  return typeof value === 'object' && value !== null && 'mean' in value && 'low' in value && 'high' in value;
}

/**
 * The second less the first, from their intervals alone (MOVER; Zou and Donner 2008): each end of the interval of the
 * difference is as far out as the nearer ends of the two, added as squares. Right for independent results; two runs
 * on the same test images vary together, for which it is rather too wide.
 */
export function changeBetween(a: Known, b: Known): Change {
  const mean = b.mean - a.mean;
  const low = mean - Math.hypot(b.mean - b.low, a.high - a.mean);
  const high = mean + Math.hypot(b.high - b.mean, a.mean - a.low);
  return { mean, low, high, verdict: low > 0 ? 'higher' : high < 0 ? 'lower' : 'unresolved' };
}
