/** The end of a line, with the name that stands beside it. */
export interface EndLabel {
  readonly text: string;
  readonly y: number;
}

/**
 * Moves labels apart that would stand on each other, as little as it takes and in their order.
 * @param gap least distance, in units of y
 * @returns the labels' places, in the order given
 */
export function apart(
  labels: readonly EndLabel[],
  gap: number,
  [low, high]: readonly [number, number],
): number[] {
  const order = labels.map((_, i) => i).sort((a, b) => labels[a]!.y - labels[b]!.y);
  const places = labels.map((label) => label.y);
  for (const [rank, i] of order.entries()) {
    const floor = rank === 0 ? low : places[order[rank - 1]!]! + gap;
    places[i] = Math.max(places[i]!, floor);
  }
  let ceiling = high;
  for (const i of order.toReversed()) {
    places[i] = Math.min(places[i]!, ceiling);
    ceiling = places[i] - gap;
  }
  return places;
}
