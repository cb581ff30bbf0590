import { noises } from '../noises/index.js';
import type { Plain } from './read.js';

/**
 * Turns the short forms that a person may write into the full ones that the schema checks, so that a mistake gives
 * one message and not one per alternative. What it does not know, it leaves as it is.
 * - `gate.sigma: 1.9` is `{ value: 1.9 }`
 * - `all` in `noise.types`, `noise.environments` and `noise.shifts` is the list of every noise
 * @param value changed in place
 */
export function normalise(value: Plain): void {
  const { gate, noise } = value;
  if (isPlain(gate) && typeof gate['sigma'] === 'number') gate['sigma'] = { value: gate['sigma'] };
  if (!isPlain(noise)) return;
  expandAll(noise, 'types');
  const { environments, shifts } = noise;
  if (isPlain(environments)) for (const name of Object.keys(environments)) expandAll(environments, name);
  if (!isPlain(shifts)) return;
  for (const shift of Object.values(shifts)) {
    if (!isPlain(shift)) continue;
    expandAll(shift, 'noises');
    if (isPlain(shift['unlabeled'])) expandAll(shift['unlabeled'], 'noises');
  }
}

function expandAll(holder: Plain, key: string): void {
  if (Object.hasOwn(holder, key) && holder[key] === 'all') holder[key] = noises.map((entry) => entry.name);
}

function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
