import { Value } from 'typebox/value';

import type { DatasetEntry, DatasetParams } from './dataset.js';

/** Parameters with the defaults of the entry for those that are not given. @param given have passed its schema */
export function paramsOf({ params }: Pick<DatasetEntry, 'params'>, given: DatasetParams = {}): DatasetParams {
  return Value.Default(params, { ...given }) as DatasetParams;
}
