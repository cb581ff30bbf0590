import { UsageError } from '../core/errors.js';
import { Type, type TUnsafe } from '../core/type.js';
import type { DatasetEntry } from './dataset.js';

/** The parameter of a data set that stands in a folder of a person's own. */
export function root(description: string): TUnsafe<string> {
  return Type.Unsafe<string>({
    type: 'string',
    minLength: 1,
    'x-expected': 'the path of a folder',
    description,
  });
}

export function hasRoot({ params }: Pick<DatasetEntry, 'params'>): boolean {
  return 'root' in params.properties;
}

/** For commands that were not told where it stands. */
export function rootMissing(name: string): UsageError {
  return new UsageError(`the data set ${name} stands in a folder of your own`, {
    code: 'PN209',
    fix: 'Name that folder: --from DIR',
  });
}
