import type { Experiment } from './schema.js';

export interface Environment {
  readonly name: string;
  readonly noises: readonly string[];
}

/** Every noise is an environment of its own, then come the mixtures. */
export function environmentsOf({ noise }: Experiment): Environment[] {
  const single = noise.types.map((name) => ({ name, noises: [name] }));
  const mixtures = Object.entries(noise.environments).map(([name, noises]) => ({
    name,
    noises: [...noises],
  }));
  return [...single, ...mixtures];
}

/** Every noise of an experiment, once. */
export function noisesOf({ noise }: Experiment): string[] {
  return [...new Set([...noise.types, ...Object.values(noise.environments).flat()])];
}
