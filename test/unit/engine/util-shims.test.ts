import { expect, test } from 'vitest';

import { installUtilShims } from '../../../src/engine/util-shims.js';

test('puts back what is missing, and nothing that is there', () => {
  const isArray = (): boolean => false;
  const util: { isArray: typeof isArray; isNullOrUndefined?: (value: unknown) => boolean } = { isArray };
  expect(installUtilShims(util)).toEqual(['isNullOrUndefined']);
  expect(util.isArray).toBe(isArray);
  expect([null, undefined, 0, ''].map((value) => util.isNullOrUndefined!(value))).toEqual([
    true,
    true,
    false,
    false,
  ]);
  expect(installUtilShims(util)).toEqual([]);
});

test('isArray', () => {
  const util: { isArray?: (value: unknown) => boolean } = {};
  installUtilShims(util);
  expect([[], {}].map((value) => util.isArray!(value))).toEqual([true, false]);
});
