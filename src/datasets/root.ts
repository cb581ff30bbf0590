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
