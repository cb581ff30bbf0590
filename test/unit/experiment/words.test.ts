import { describe, expect, it } from 'vitest';

import { entryList } from '../../../src/experiment/entry-list.js';
import { catalogueNames } from '../../../src/experiment/catalogues.js';
import { expected, shown } from '../../../src/experiment/expected.js';
import { memoryBytes } from '../../../src/experiment/memory.js';

describe('expected', () => {
  it.each([
    [{ type: 'integer', minimum: 1 }, 'a whole number of at least 1'],
    [{ type: 'integer', minimum: 1, maximum: 5 }, 'a whole number from 1 to 5'],
    [{ type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1 }, 'a number above 0 and below 1'],
    [{ type: 'number', exclusiveMinimum: 0, maximum: 1 }, 'a number above 0 and at most 1'],
    [{ type: 'number' }, 'a number'],
    [{ type: 'string' }, 'a text'],
    [{ type: 'string', enum: ['a'] }, '"a"'],
    [{ type: 'string', enum: ['a', 'b', 'c'] }, '"a", "b" or "c"'],
    [{ type: 'string', 'x-expected': 'the path of a file' }, 'the path of a file'],
    [{ type: 'object' }, 'a mapping of keys to values'],
    [{ type: 'object', discriminator: { propertyName: 'kind' } }, 'a mapping with the key "kind"'],
  ])('%j is %s', (schema, words) => expect(expected(schema)).toBe(words));
});

describe('shown', () => {
  it.each([
    [null, 'empty'],
    [3, '3'],
    [-1.5, '-1.5'],
    [NaN, 'not a number (.nan)'],
    [-Infinity, 'infinite (-.inf)'],
    [true, 'true'],
    ['abc', 'the text "abc"'],
    ['', 'the text ""'],
    ['x'.repeat(41), `the text "${'x'.repeat(39)}…"`],
    [[], 'an empty list'],
    [[1], 'a list'],
    [{}, 'an empty mapping'],
    [{ a: 1, b: 2 }, 'a mapping with a and b'],
  ])('%j is %s', (value, words) => expect(shown(value)).toBe(words));
});

describe('memoryBytes', () => {
  it.each([
    ['4GB', 4e9],
    ['500MB', 5e8],
    ['1.5GB', 1.5e9],
  ])('%s is %i bytes', (amount, bytes) => expect(memoryBytes(amount)).toBe(bytes));
});

describe('entryList', () => {
  it.each(catalogueNames)('%s fit 80 columns', async (name) => {
    const text = entryList(name);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    await expect(`${text}\n`).toMatchFileSnapshot(`../../golden/list-${name}.txt`);
  });
});
