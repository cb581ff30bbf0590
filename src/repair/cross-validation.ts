import type { Rng } from '../core/rng.js';

/**
 * Deals samples into folds of like size. Samples of one group, such as the severities of one image, stay together, so
 * that no fold is judged by what was learned from its own images.
 * @param groups group of each sample
 * @param count how many folds; as many as there are groups where those are fewer
 * @returns fold of each sample, the first is 0
 * @throws {RangeError} for fewer than two folds or groups
 */
export function foldsOf(groups: ArrayLike<number>, count: number, rng: Rng): Uint8Array {
  const names = [...new Set(Array.from(groups))].sort((a, b) => a - b);
  if (count < 2 || names.length < 2)
    throw new RangeError(`cross-validation: ${count} folds of ${names.length} groups; at least 2 are needed`);
  const sizes = new Array<number>(Math.min(count, names.length)).fill(0);
  const foldOf = new Map<number, number>();
  for (const k of rng.permutation(names.length)) {
    const name = names[k]!;
    const smallest = sizes.indexOf(Math.min(...sizes));
    foldOf.set(name, smallest);
    sizes[smallest]! += Array.from(groups).filter((group) => group === name).length;
  }
  return Uint8Array.from(Array.from(groups), (group) => foldOf.get(group)!);
}

export interface CrossValidation {
  /** Index of the candidate with the highest sum over the folds, the first on a tie. */
  readonly chosen: number;
  /** What `judge` gave: a row for each candidate, a number for each fold. */
  readonly scores: readonly (readonly number[])[];
}

/**
 * Chooses among settings by labelled samples alone: each is learned from all folds but one and judged on that one.
 * @param folds fold of each sample
 * @param judge learns from some samples and says how many of the others come out right
 */
export async function crossValidate<Candidate>(
  candidates: readonly Candidate[],
  folds: Uint8Array,
  judge: (
    candidate: Candidate,
    learned: readonly number[],
    others: readonly number[],
    fold: number,
  ) => Promise<number>,
): Promise<CrossValidation> {
  const count = folds.reduce((largest, fold) => Math.max(largest, fold + 1), 0);
  const samples = Array.from(folds.keys());
  const scores: number[][] = [];
  for (const candidate of candidates) {
    const row: number[] = [];
    for (let fold = 0; fold < count; fold++) {
      const learned = samples.filter((n) => folds[n] !== fold);
      const others = samples.filter((n) => folds[n] === fold);
      row.push(await judge(candidate, learned, others, fold));
    }
    scores.push(row);
  }
  const sums = scores.map((row) => row.reduce((a, b) => a + b, 0));
  return { chosen: sums.indexOf(Math.max(...sums)), scores };
}
