import type { ScoredCandidate, SearchRecord, SearchReport } from './evaluation.js';
import { mean, quantile, standardDeviation, wilson } from './statistics.js';

/**
 * Was the search trained? A task is, when the 95 % Wilson interval of its **median** candidate's held-out accuracy
 * lies above chance; the search is, when all its tasks are. The best candidate stands beside it but does not
 * decide: the best of many guesses lies above chance by luck. The interval takes each scoring image as one
 * observation, also where a task asks for several answers per image, which makes it rather too wide.
 * With an even number of candidates the median is the lower of the two in the middle: an existing candidate.
 */
export function searchReport(search: SearchRecord): SearchReport {
  const judged = search.tasks.map(({ name, chance, images }, t) => {
    const ranked = search.candidates
      .map(({ index, accuracies }): ScoredCandidate => {
        const accuracy = accuracies[t]!;
        return { index, accuracy, ...wilson(accuracy, images) };
      })
      .sort((a, b) => b.accuracy - a.accuracy || a.index - b.index);
    const median = ranked[Math.floor(ranked.length / 2)]!;
    return { task: name, chance, best: ranked[0]!, median, trained: median.low > chance };
  });
  const means = search.candidates.map((candidate) => mean(candidate.accuracies)!);
  const sorted = Float64Array.from(means).sort();
  const chosen = search.candidates.findIndex((candidate) => candidate.index === search.chosen);
  const variances = judged.map(
    ({ median: { accuracy } }, t) => (accuracy * (1 - accuracy)) / search.tasks[t]!.images,
  );
  return {
    ...search,
    judged,
    trained: judged.every((task) => task.trained),
    spread: {
      worst: sorted[0]!,
      median: quantile(sorted, 0.5),
      best: sorted.at(-1)!,
      chosen: means[chosen]!,
      sd: standardDeviation(means),
      samplingSd: Math.sqrt(variances.reduce((sum, variance) => sum + variance, 0)) / judged.length,
    },
  };
}
