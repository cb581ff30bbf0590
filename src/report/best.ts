import { accuracyDraws, differenceDraws, type Accuracies, type Measure } from './accuracy.js';
import { estimate, verdict } from './statistics.js';

/**
 * The method that is better than every other on a measure: its paired difference to each of them has a 95 % interval
 * above 0. All of these must hold at once, so the claim as a whole errs no more often than a single interval.
 * @param methods that were run in all of the environments
 * @returns undefined where no method is, or where there is nothing to compare it with
 */
export function bestMethod(
  accuracies: Accuracies,
  methods: readonly string[],
  environments: readonly string[],
  measure: Measure,
): string | undefined {
  const means = methods.map(
    (method) => estimate([...accuracyDraws(accuracies, method, environments, measure).values()])?.mean,
  );
  const top = means.reduce<number>((best, mean, i) => ((mean ?? -1) > (means[best] ?? -1) ? i : best), 0);
  const others = methods.filter((_, i) => i !== top);
  const isAbove = (other: string): boolean => {
    const draws = differenceDraws(accuracies, [methods[top]!, other], environments, measure);
    const difference = draws.length > 0 ? estimate(draws) : undefined;
    return difference !== undefined && verdict(difference) === 'won';
  };
  return others.length > 0 && others.every(isAbove) ? methods[top] : undefined;
}
