/**
 * The name of a class of drawings, in the form of WordNet's. True ones end below n16: they are places in its list of
 * nouns, which is not longer. So a folder of drawings is known as such wherever it stands and whatever it is called.
 */
export function syntheticWnid(label: number): string {
  return `n${90_000_001 + label}`;
}

export function isSyntheticWnid(wnid: string): boolean {
  return wnid.startsWith('n9');
}
