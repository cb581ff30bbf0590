/**
 * The name that a person most likely meant: one that begins with the word, or the nearest by edits (insert, delete,
 * replace, swap neighbours) when at most a third of the letters are wrong. Undefined when none is near.
 */
export function didYouMean(word: string, names: readonly string[]): string | undefined {
  const wanted = word.toLowerCase();
  const longer = wanted.length >= 3 ? names.find((name) => name.toLowerCase().startsWith(wanted)) : undefined;
  let best: { name: string; edits: number } | undefined;
  for (const name of names) {
    const edits = editDistance(wanted, name.toLowerCase());
    const allowed = Math.max(1, Math.floor(Math.max(wanted.length, name.length) / 3));
    if (edits <= allowed && (!best || edits < best.edits)) best = { name, edits };
  }
  return best?.name ?? longer;
}

/** Optimal string alignment distance: Levenshtein's with swaps of neighbours. */
export function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = above[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      let edits = Math.min(above[j]! + 1, row[j - 1]! + 1, replaced);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (isSwap) edits = Math.min(edits, before[j - 2]! + 1);
      row.push(edits);
    }
    before = above;
    above = row;
  }
  return above[b.length]!;
}
