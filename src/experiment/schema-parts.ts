import {
  isOptional,
  Type,
  type Static,
  type TObject,
  type TProperties,
  type TSchema,
  type TUnsafe,
} from '../core/type.js';

/**
 * The few forms that the experiment schema is made of. TypeBox's own union gives `anyOf`, which ajv's strict mode
 * refuses around defaults, so choices are written as ajv wants them: `oneOf` with a discriminator.
 *
 * Keywords of our own, ignored by editors: `x-catalogue` (which catalogue the names come from), `x-short` (a shorter
 * form that a person may write; `normalise.ts` turns it into the full one) and `x-expected` (words for messages).
 */
export const ownKeywords = ['x-catalogue', 'x-short', 'x-expected'] as const;

interface SectionOptions {
  readonly description: string;
  readonly default?: object;
}

/**
 * A mapping that refuses unknown keys. A property with a default need not be written, yet is always there after
 * validation: its type is not optional.
 */
export function section<P extends TProperties>(properties: P, options: SectionOptions): TObject<P> {
  const required = Object.entries(properties)
    .filter(([, property]) => !isOptional(property) && !('default' in property))
    .map(([key]) => key);
  return {
    type: 'object',
    additionalProperties: false,
    ...(required.length > 0 ? { required } : {}),
    properties,
    ...options,
  } as unknown as TObject<P>;
}

/** One word of a few. */
export function oneOf<const V extends readonly string[]>(
  values: V,
  options: { readonly default?: V[number]; readonly description: string },
): TUnsafe<V[number]> {
  return Type.Unsafe<V[number]>({ type: 'string', enum: values, ...options });
}

/** A word with a meaning of its own, or a whole number of at least 1. */
export function wordOrCount<const W extends string>(
  word: W,
  options: { readonly default: W | number; readonly description: string },
): TUnsafe<W | number> {
  return Type.Unsafe<W | number>({
    type: ['integer', 'string'],
    minimum: 1,
    pattern: `^${word}$`,
    'x-expected': `"${word}" or a whole number of at least 1`,
    ...options,
  });
}

interface Named {
  readonly name: string;
  readonly summary: string;
  readonly params: TObject;
}

/** A list of different names of entries of a catalogue, one at least. */
export function listFrom<const E extends readonly Named[]>(
  catalogue: string,
  entries: E,
  options: { readonly default?: readonly E[number]['name'][]; readonly description: string },
): TUnsafe<readonly E[number]['name'][]> {
  return Type.Unsafe<readonly E[number]['name'][]>({
    type: 'array',
    items: { type: 'string', enum: entries.map((entry) => entry.name), 'x-catalogue': catalogue },
    minItems: 1,
    uniqueItems: true,
    'x-expected': `a list of ${catalogue}`,
    ...options,
  });
}

type EntryChoice<E extends Named, P extends TProperties> = E extends unknown
  ? { readonly name: E['name'] } & Static<E['params']> & Static<TObject<P>>
  : never;

/** An entry of a catalogue, tagged by `name`, with its own parameters and those that all of them share. */
export function entryFrom<const E extends readonly Named[], P extends TProperties>(
  catalogue: string,
  entries: E,
  shared: P,
  options: { readonly description: string },
): TUnsafe<EntryChoice<E[number], P>> {
  const branches = entries.map((entry) =>
    section(
      {
        name: Type.Unsafe<string>({ type: 'string', const: entry.name }),
        ...entry.params.properties,
        ...shared,
      },
      { description: `${entry.summary}.` },
    ),
  );
  return tagged('name', branches, { ...options, 'x-catalogue': catalogue }) as never;
}

/** A mapping whose tag says which of the branches it is. Each branch has the tag as a constant. */
export function tagged<B extends TSchema>(
  tag: string,
  branches: readonly B[],
  options: { readonly description: string; readonly default?: object; readonly 'x-catalogue'?: string },
): TUnsafe<Static<B>> {
  return Type.Unsafe<Static<B>>({
    type: 'object',
    discriminator: { propertyName: tag },
    oneOf: branches,
    ...options,
  });
}
