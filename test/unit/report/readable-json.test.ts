import { expect, test } from 'vitest';

import { readableJson } from '../../../src/report/readable-json.js';

test('what fits stands in a line, the rest is broken', () => {
  const value = { a: [1, 2], empty: {}, none: [], text: 'x"y', gone: undefined, b: { c: [true, null] } };
  expect(readableJson(value)).toBe(
    '{ "a": [1, 2], "empty": {}, "none": [], "text": "x\\"y", "b": { "c": [true, null] } }\n',
  );
  expect(readableJson(value, 30)).toBe(
    '{\n  "a": [1, 2],\n  "empty": {},\n  "none": [],\n  "text": "x\\"y",\n  "b": { "c": [true, null] }\n}\n',
  );
  expect(readableJson([[1, 2, 3]], 5)).toBe('[\n  [\n    1,\n    2,\n    3\n  ]\n]\n');
});

test('it reads back as what it was', () => {
  const value = { list: Array.from({ length: 50 }, (_, i) => ({ i, text: `number ${i}` })), x: -1.5e-7 };
  expect(JSON.parse(readableJson(value))).toEqual(value);
});
