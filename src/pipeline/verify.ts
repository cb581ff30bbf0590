import { Claim } from './lock.js';
import type { Place, Store } from './store.js';

export interface DamagedRecord extends Place {
  readonly reason: string;
  readonly movedTo: string;
}

/** Reads every output of the store and sets damaged records aside. A key that is being written is left alone. */
export async function verifyStore(
  store: Store,
  signal: AbortSignal,
): Promise<{ readonly whole: number; readonly damaged: readonly DamagedRecord[] }> {
  let whole = 0;
  const damaged: DamagedRecord[] = [];
  for (const place of await store.places()) {
    signal.throwIfAborted();
    const claim = await store.claim(place);
    if (!(claim instanceof Claim)) continue;
    try {
      const found = await store.verify(place);
      if (found.state === 'hit') whole++;
      else if (found.state === 'damaged')
        damaged.push({ ...place, reason: found.reason, movedTo: await store.setAside(place) });
    } finally {
      await claim.release();
    }
  }
  return { whole, damaged };
}
