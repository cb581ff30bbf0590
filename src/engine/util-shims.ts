import util from 'node:util';

/** Helpers that tf.js 4.22 calls and Node 23 removed (mended upstream, never released). */
const missing = {
  isNullOrUndefined: (value: unknown): boolean => value === null || value === undefined,
  isArray: (value: unknown): boolean => Array.isArray(value),
};

/** Puts the missing ones back into `node:util` and returns their names: none below Node 23. */
export function installUtilShims(target: object = util): string[] {
  const added = Object.entries(missing).filter(([name]) => !(name in target));
  for (const [name, value] of added) Object.defineProperty(target, name, { value, configurable: true });
  return added.map(([name]) => name);
}
