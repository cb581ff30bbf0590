import type { Diagnostic } from '../core/diagnostics.js';
import { atOverride, overrideInside, overrideOf, type Override } from './overrides.js';
import { pathText, type Path, type YamlSource } from './source.js';

type Words = Pick<Diagnostic, 'code' | 'message' | 'fix'>;

/** Where a problem is shown, and the path under which a person knows the value there. */
export interface Place {
  /** `gate.sigma`, also for the `gate.sigma.value` that its short form was turned into. */
  readonly name: string;
  readonly diagnostic: (words: Words) => Diagnostic;
}

/** Finds values in the file or in the flags that replaced them. */
export function placeOf(
  source: YamlSource,
  overrides: readonly Override[],
  path: Path,
  part: 'key' | 'value',
): Place {
  const given = overrideOf(overrides, path);
  if (given) {
    const isShort = typeof given.value !== 'object';
    const isKey = part === 'key' && given.path.length === path.length;
    return {
      name: pathText(isShort ? path.slice(0, given.path.length) : path),
      diagnostic: (words) => atOverride(given, isKey ? 'key' : 'value', path, words),
    };
  }
  const { depth, isLeaf, key, value } = source.locate(path);
  const isThere = depth === path.length;
  const inside = isThere ? undefined : overrideInside(overrides, path);
  if (inside) return { name: pathText(path), diagnostic: (words) => atOverride(inside, 'key', path, words) };

  const wanted = isThere
    ? part === 'key'
      ? [key, value]
      : [value, key]
    : isLeaf
      ? [value, key]
      : [key, undefined];
  const [start, end] = wanted[0] ?? wanted[1] ?? [0, 0];
  return {
    name: pathText(!isThere && isLeaf ? path.slice(0, depth) : path),
    diagnostic: (words) => source.at(start, end, words),
  };
}
