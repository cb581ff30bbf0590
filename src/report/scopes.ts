import type { Environment, Evaluation } from './evaluation.js';
import { mean, spread, type Spread } from './statistics.js';

/** What one row or column of a table is about: an environment, or an average over some. */
export interface Scope {
  readonly name: string;
  readonly kind: 'noise' | 'mixture' | 'shift' | 'average';
  readonly environments: readonly string[];
  /** Holds a noise that the defaults were chosen on, so its figures flatter them. */
  readonly isSeen: boolean;
}

/** The defaults of the method were chosen with an eye on D_s of these noises. */
export const seenNoises: readonly string[] = ['gaussian_noise', 'contrast'];

export const average = 'average';
export const averageUnseen = 'average-unseen';

/**
 * The environments in the order given, then the averages. An average is over environments of a single noise (a
 * mixture of the same noises, or the same noise with another D_u, would count them twice); `average-unseen` leaves out
 * the noises that the defaults were chosen on, and is there only where that changes something.
 */
export function scopesOf(environments: readonly Environment[]): Scope[] {
  const scopes = environments.map((environment): Scope => {
    const { name, noises } = environment;
    const isSeen = noises.some((noise) => seenNoises.includes(noise));
    return { name, kind: kindOf(environment), environments: [name], isSeen };
  });
  const single = scopes.filter((scope) => scope.kind === 'noise');
  const unseen = single.filter((scope) => !scope.isSeen);
  if (single.length > 1) scopes.push(averageOver(average, single));
  if (single.length > unseen.length && unseen.length > 0) scopes.push(averageOver(averageUnseen, unseen));
  return scopes;
}

function kindOf({ noises, unlabeled }: Environment): 'noise' | 'mixture' | 'shift' {
  if (unlabeled !== undefined) return 'shift';
  return noises.length === 1 ? 'noise' : 'mixture';
}

function averageOver(name: string, scopes: readonly Scope[]): Scope {
  return {
    name,
    kind: 'average',
    environments: scopes.map((scope) => scope.name),
    isSeen: scopes.some((scope) => scope.isSeen),
  };
}

/** A method's evaluations by environment, one list a repeat; repeats that lack an environment of the scope are left out. */
export function evaluationsOf(
  evaluations: readonly Evaluation[],
  method: string,
  scope: Scope,
): Evaluation[][] {
  const byRepeat = new Map<number, Evaluation[]>();
  for (const evaluation of evaluations) {
    if (evaluation.method !== method || !scope.environments.includes(evaluation.environment)) continue;
    const { repeat } = evaluation;
    byRepeat.set(repeat, [...(byRepeat.get(repeat) ?? []), evaluation]);
  }
  return [...byRepeat]
    .filter(([, found]) => found.length === scope.environments.length)
    .sort(([a], [b]) => a - b)
    .map(([, found]) => found);
}

/** A figure of each evaluation: averaged over environments within a repeat, then spread over repeats. */
export function spreadOver(
  repeats: readonly (readonly Evaluation[])[],
  figure: (evaluation: Evaluation) => number | undefined,
): Spread | undefined {
  return spread(
    repeats.map((evaluations) => {
      const values = evaluations.map(figure);
      const known = values.filter((value) => value !== undefined);
      return known.length === values.length ? mean(known) : undefined;
    }),
  );
}
