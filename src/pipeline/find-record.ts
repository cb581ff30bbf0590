import { UsageError } from '../core/errors.js';
import type { Place, Store } from './store.js';

/** The record whose key begins so. @throws {UsageError} PN291 none, PN292 several */
export async function findByPrefix(store: Store, prefix: string): Promise<Place> {
  const found = (await store.places()).filter(({ key }) => key.startsWith(prefix.toLowerCase()));
  const [first] = found;
  if (!first)
    throw new UsageError(`no record has a key that begins with "${prefix}"`, {
      code: 'PN291',
      where: store.root,
      fix: 'The keys are in: patchnas cache ls',
    });
  if (found.length > 1)
    throw new UsageError(`${found.length} keys begin with "${prefix}"`, {
      code: 'PN292',
      fix: `Write more of one of them: ${found.map(({ stage, key }) => `${stage} ${key.slice(0, 16)}`).join(', ')}`,
    });
  return first;
}
