import type { Corruptor } from './corruptor.js';

/**
 * Does the same work to all items, in their order, several at a time. It ends with the first error; no item is begun
 * after that, nor after the signal is aborted.
 * @throws the signal's reason when it is aborted
 */
export async function sideBySide<T>(
  { jobs }: Pick<Corruptor, 'jobs'>,
  items: Generator<T>,
  signal: AbortSignal | undefined,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const loop = async (): Promise<void> => {
    // All loops take from one generator; the one that throws closes it for the others.
    for (const item of items) {
      signal?.throwIfAborted();
      await work(item);
    }
  };
  // One more than there are threads, so that none waits while a piece is cut or written.
  await Promise.all(Array.from({ length: jobs + 1 }, loop));
}
