/** Files that are open and images that are decoded at the same time; more do not help four threads of libuv. */
const atOnce = 8;

/** Calls `use` for every item, a few at a time, in no fixed order. */
export async function forEachAtOnce<T>(
  items: readonly T[],
  use: (item: T, index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < items.length) {
      const index = next++;
      await use(items[index]!, index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, work));
}
