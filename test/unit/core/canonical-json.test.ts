import { describe, expect, it } from 'vitest';

import { canonicalJson } from '../../../src/core/canonical-json.js';
import { Rng } from '../../../src/core/rng.js';

describe('canonicalJson', () => {
  const cases: [value: unknown, text: string][] = [
    [null, 'null'],
    [true, 'true'],
    [0, '0'],
    [-0, '0'],
    [0.1, '0.1'],
    [1e21, '1e+21'],
    [5e-324, '5e-324'],
    ['a "b"\n\u00e9', '"a \\"b\\"\\n\u00e9"'],
    ['\ud800', '"\\ud800"'],
    [[], '[]'],
    [{}, '{}'],
    [[1, [2, 'x']], '[1,[2,"x"]]'],
    [{ b: 1, a: { d: [], c: null } }, '{"a":{"c":null,"d":[]},"b":1}'],
    [{ a10: 1, a9: 2, B: 3, '\u00e9': 4, '10': 5, '9': 6 }, '{"10":5,"9":6,"B":3,"a10":1,"a9":2,"\u00e9":4}'],
    [JSON.parse('{"__proto__":1}'), '{"__proto__":1}'],
  ];
  it.each(cases)('%j', (value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  const refused: [name: string, value: unknown, message: string][] = [
    ['undefined', undefined, '$: undefined has no JSON form'],
    ['undefined in an object', { a: [{ b: undefined }] }, '$.a[0].b: undefined has no JSON form'],
    ['a hole in an array', [1, , 2], '$[1]: undefined has no JSON form'], // eslint-disable-line no-sparse-arrays -- the case
    ['NaN', { x: NaN }, '$.x: NaN has no JSON form'],
    ['infinity', [-Infinity], '$[0]: -Infinity has no JSON form'],
    ['a function', { f: () => 1 }, '$.f: function has no JSON form'],
    ['a bigint', 1n, '$: bigint has no JSON form'],
    ['a date', new Date(0), '$: an object with a prototype has no JSON form'],
    ['a map', { m: new Map() }, '$.m: an object with a prototype has no JSON form'],
    ['a typed array', new Float32Array(1), '$: an object with a prototype has no JSON form'],
  ];
  it.each(refused)('refuses %s', (_, value, message) => {
    expect(() => canonicalJson(value)).toThrow(new TypeError(message));
  });

  it('gives one text for all orders of the fields, and JSON.parse gives the value back', () => {
    const value = { name: 'a', seed: 0, list: [{ y: 1, x: 2 }], none: null, flag: false };
    const text = canonicalJson(value);
    const rng = new Rng(1, 'test/canonical-json');
    const fields = Object.entries(value);
    for (let trial = 0; trial < 50; trial++) {
      const shuffled = [...rng.permutation(fields.length)].map((i) => fields[i]!);
      expect(canonicalJson(Object.fromEntries(shuffled))).toBe(text);
    }
    expect(JSON.parse(text)).toEqual(value);
  });
});
