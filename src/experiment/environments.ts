import type { Experiment, ShiftedUnlabeled } from './schema.js';

export interface Environment {
  readonly name: string;
  readonly noises: readonly string[];
  /** In what D_u differs from what comes later; only of shifted environments. */
  readonly unlabeled?: ShiftedUnlabeled;
}

/** Every noise is an environment of its own, then come the mixtures, then those whose D_u is unlike what comes later. */
export function environmentsOf({ noise }: Experiment): Environment[] {
  const single = noise.types.map((name) => ({ name, noises: [name] }));
  const mixtures = Object.entries(noise.environments).map(([name, noises]) => ({
    name,
    noises: [...noises],
  }));
  const shifted = Object.entries(noise.shifts).map(([name, { noises, unlabeled }]) => ({
    name,
    noises: [...noises],
    unlabeled,
  }));
  return [...single, ...mixtures, ...shifted];
}

/** Every noise of an experiment, once. */
export function noisesOf(experiment: Experiment): string[] {
  return [
    ...new Set(
      environmentsOf(experiment).flatMap(({ noises, unlabeled }) => [
        ...noises,
        ...(unlabeled?.noises ?? []),
      ]),
    ),
  ];
}
