import { parse } from 'yaml';

import { canonicalJson } from '../core/canonical-json.js';
import type { Experiment } from './schema.js';
import { validate } from './validate.js';

/**
 * What tells results of one experiment from those of another with the same name: all settings but those that no figure
 * depends on. Settings that the text does not have, since they came later, are at their defaults.
 * @param config a `resolved.yaml`
 * @returns the text itself where it is no valid experiment, or not any more
 */
export function identityOf(config: string): string {
  let settings: unknown;
  try {
    settings = parse(config);
  } catch {
    return config;
  }
  if (validate(settings).length > 0) return config;
  const experiment = settings as Experiment;
  return canonicalJson({ ...experiment, engine: { ...experiment.engine, memory: 'any' } });
}
