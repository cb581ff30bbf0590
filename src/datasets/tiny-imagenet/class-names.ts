/**
 * Names for people, such as "goldfish": the first of those that `words.txt` has for a class, with the wnid where two
 * classes share it; the wnid alone where the file has none.
 * @param words lines of `words.txt`: wnid, tab, names with commas between
 */
export function classNames(wnids: readonly string[], words: readonly string[]): string[] {
  const first = new Map(
    words.map((line) => {
      const [wnid = '', names = ''] = line.split('\t');
      return [wnid, names.split(',')[0]!.trim()] as const;
    }),
  );
  const names = wnids.map((wnid) => first.get(wnid) ?? wnid);
  return names.map((name, i) =>
    names.indexOf(name) === names.lastIndexOf(name) ? name : `${name} (${wnids[i]})`,
  );
}
