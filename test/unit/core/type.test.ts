import { Type as TypeBox } from 'typebox';
import { Value } from 'typebox/value';
import { describe, expect, it } from 'vitest';

import { isOptional, Type } from '../../../src/core/type.js';

/** The same declaration, built by either. */
function declare(builder: Pick<typeof TypeBox, keyof typeof Type>) {
  return builder.Object(
    {
      width: builder.Number({ default: 1, minimum: 0.05, maximum: 2, description: 'Channels.' }),
      seed: builder.Integer({ default: 1, minimum: 0 }),
      folder: builder.Optional(builder.String({ description: 'Where.' })),
      mode: builder.Unsafe<'a' | 'b'>({ type: 'string', enum: ['a', 'b'], default: 'a' }),
      inner: builder.Object({}, { additionalProperties: false }),
    },
    { additionalProperties: false, description: 'All of it.' },
  );
}

describe('Type', () => {
  const ours = declare(Type);
  const theirs = declare(TypeBox);

  it('gives the schema that TypeBox gives, to the letter', () => {
    expect(JSON.stringify(ours)).toBe(JSON.stringify(theirs));
  });

  it('marks kinds and optional properties as TypeBox does', () => {
    const marks = (schema: object): unknown[] =>
      ['~kind', '~optional'].map((mark) => Object.getOwnPropertyDescriptor(schema, mark)?.value as unknown);
    for (const key of ['width', 'seed', 'folder', 'inner'] as const)
      expect(marks(ours.properties[key])).toEqual(marks(theirs.properties[key]));
    expect(marks(ours)).toEqual(marks(theirs));
    expect(isOptional(ours.properties.folder)).toBe(true);
    expect(isOptional(theirs.properties.folder)).toBe(true);
    expect(isOptional(ours.properties.width)).toBe(false);
  });

  it("is understood by TypeBox's own tools", () => {
    expect(Value.Default(ours, {})).toEqual(Value.Default(theirs, {}));
    expect(Value.Check(ours, { width: 1, seed: 1, mode: 'b', inner: {} })).toBe(true);
    expect(Value.Check(ours, { width: 3, seed: 1, mode: 'b', inner: {} })).toBe(false);
  });
});
