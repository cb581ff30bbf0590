import { parseDocument } from 'yaml';

import type { Diagnostic } from '../core/diagnostics.js';
import type { Plain } from './read.js';
import { pathText, type Path } from './source.js';

/** One `--set path=value` of the command line. */
export interface Override {
  readonly path: Path;
  readonly value: unknown;
  /** The flag as it was typed, without `--set`. */
  readonly flag: string;
}

const flagName = '--set';

/** A diagnostic that underlines a part of a flag; `start` and `end` count from the flag's path on. */
function atFlag(
  flag: string,
  start: number,
  end: number,
  problem: Pick<Diagnostic, 'code' | 'message' | 'fix'>,
): Diagnostic {
  const before = flagName.length + 1;
  const source = `${flagName} ${flag}`.split('\n')[0]!;
  const place = { line: 0, column: before + start + 1, length: Math.max(1, end - start), source };
  return { ...problem, file: flagName, ...place };
}

/**
 * Reads the flags and lays their values over those of the file, later flags over earlier ones. A path is keys and
 * list positions with dots between; a value is YAML, so that `[1, 2]`, `all` and `{ value: 1.9 }` are typed as in a
 * file.
 * @param value changed in place
 */
export function applyOverrides(
  value: Plain,
  flags: readonly string[],
): { overrides: Override[]; problems: Diagnostic[] } {
  const overrides: Override[] = [];
  const problems: Diagnostic[] = [];
  for (const flag of flags) {
    const read = readOverride(flag);
    const problem = 'code' in read ? read : lay(value, read);
    if (problem) problems.push(problem);
    else overrides.push(read as Override);
  }
  return { overrides, problems };
}

function readOverride(flag: string): Override | Diagnostic {
  const equals = flag.indexOf('=');
  const keys = flag.slice(0, Math.max(equals, 0)).split('.');
  if (equals < 0 || keys.includes(''))
    return atFlag(flag, 0, flag.length, {
      code: 'PN207',
      message: `"${flag}" is not a path with a value`,
      fix: 'Write it as path=value, for example --set gate.sigma=1.9',
    });
  const text = flag.slice(equals + 1);
  const document = parseDocument(text, { prettyErrors: false, logLevel: 'error' });
  const error = document.errors[0] ?? document.warnings[0];
  if (error)
    return atFlag(flag, equals + 1, flag.length, {
      code: 'PN207',
      message: `the value is not YAML: ${error.message.toLowerCase()}`,
      fix: 'Put the whole argument in quotes of the shell, and the value in quotes of YAML where it needs them.',
    });
  return { path: keys, value: document.toJS() as unknown, flag };
}

/** Puts one value in its place; makes the mappings on the way. */
function lay(root: Plain, { path, value, flag }: Override): Diagnostic | undefined {
  let holder: unknown = root;
  for (const [i, part] of path.entries()) {
    const isLast = i === path.length - 1;
    const key = String(part);
    if (Array.isArray(holder) && /^\d+$/.test(key) && Number(key) < holder.length) {
      if (isLast) holder[Number(key)] = value;
      else holder = holder[Number(key)];
    } else if (typeof holder === 'object' && holder !== null && !Array.isArray(holder)) {
      const mapping = holder as Plain;
      if (isLast) set(mapping, key, value);
      else {
        if (!Object.hasOwn(mapping, key) || mapping[key] === null) set(mapping, key, {});
        holder = mapping[key];
      }
    } else {
      const above = pathText(path.slice(0, i));
      const what = Array.isArray(holder) ? `is a list of ${holder.length}` : `is ${JSON.stringify(holder)}`;
      const start = path.slice(0, i).join('.').length + 1;
      return atFlag(flag, start, start + key.length, {
        code: 'PN207',
        message: `there is no "${key}" in ${above}, which ${what}`,
        fix: Array.isArray(holder)
          ? `Positions in a list count from 0; or set the whole list: ${above}=[…]`
          : `Set ${above} itself.`,
      });
    }
  }
  return undefined;
}

/** An own property even for the key `__proto__`. */
function set(mapping: Plain, key: string, value: unknown): void {
  Object.defineProperty(mapping, key, { value, enumerable: true, configurable: true, writable: true });
}

/** The last flag that gave the value at that path, or a part of it, or a value around it. */
export function overrideOf(overrides: readonly Override[], path: Path): Override | undefined {
  const shared = (a: Path, b: Path) => a.every((part, i) => i >= b.length || String(part) === String(b[i]));
  return overrides.findLast((override) => override.path.length <= path.length && shared(override.path, path));
}

/** The last flag that wrote something inside the value at that path. */
export function overrideInside(overrides: readonly Override[], path: Path): Override | undefined {
  return overrides.findLast((override) => path.every((part, i) => String(part) === String(override.path[i])));
}

/** The diagnostic of a problem with the key or the value that a flag gave. */
export function atOverride(
  { flag, path }: Override,
  part: 'key' | 'value',
  at: Path,
  problem: Pick<Diagnostic, 'code' | 'message' | 'fix'>,
): Diagnostic {
  if (part === 'value') return atFlag(flag, flag.indexOf('=') + 1, flag.length, problem);
  const keys = path.slice(0, at.length).join('.');
  const last = String(path[at.length - 1] ?? '');
  return atFlag(flag, keys.length - last.length, keys.length, problem);
}
