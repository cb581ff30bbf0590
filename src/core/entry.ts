import type { TObject } from 'typebox';

/**
 * One registered network, noise, task, method or data set: a declaration that can be read without TensorFlow, and
 * `load`, which brings its code. A catalogue is a plain array of entries in the folder's `index.ts`; the config
 * schema, `patchnas list`, did-you-mean and the contract tests all follow from that one line.
 */
export interface Entry<Code> {
  readonly name: string;
  /** One sentence without a full stop, for `patchnas list`. */
  readonly summary: string;
  /** The paper or code that it follows. */
  readonly source: string;
  /** Goes up when the same inputs give other outputs. */
  readonly version: number;
  /** Its parameters, with defaults (TypeBox); `{}` where it has none. */
  readonly params: TObject;
  readonly load: () => Promise<Code>;
}

/** The entry of that name. @throws {RangeError} when there is none; validated configs never get there. */
export function findEntry<E extends { readonly name: string }>(catalogue: readonly E[], name: string): E {
  const entry = catalogue.find((candidate) => candidate.name === name);
  if (!entry) throw new RangeError(`no "${name}" among ${catalogue.map((e) => e.name).join(', ')}`);
  return entry;
}
