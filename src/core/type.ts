import type {
  Static,
  TInteger,
  TNumber,
  TNumberOptions,
  TObject,
  TObjectOptions,
  TOptional,
  TProperties,
  TSchema,
  TString,
  TStringOptions,
  TUnsafe,
} from 'typebox';

/**
 * The part of TypeBox that declarations need: its schemas and its types, without its 700 modules. They take 0.13 s
 * to load, a third of what `patchnas validate` takes, and every command reads the catalogues. A test compares both.
 */
export const Type = {
  /** A property is required unless it is optional. */
  Object<P extends TProperties>(properties: P, options: TObjectOptions = {}): TObject<P> {
    const required = Object.keys(properties).filter((key) => !isOptional(properties[key]!));
    const fields = required.length > 0 ? { required } : {};
    return marked(kindMark, 'Object', { type: 'object', ...fields, properties, ...options });
  },
  Number(options: TNumberOptions = {}): TNumber {
    return marked(kindMark, 'Number', { type: 'number', ...options });
  },
  Integer(options: TNumberOptions = {}): TInteger {
    return marked(kindMark, 'Integer', { type: 'integer', ...options });
  },
  String(options: TStringOptions = {}): TString {
    return marked(kindMark, 'String', { type: 'string', ...options });
  },
  /** Any JSON schema, with the type that it stands for. */
  Unsafe<T>(schema: object): TUnsafe<T> {
    return { ...schema } as TUnsafe<T>;
  },
  Optional<S extends TSchema>(schema: S): TOptional<S> {
    const kind = Object.getOwnPropertyDescriptor(schema, kindMark);
    const copy = kind ? Object.defineProperty({ ...schema }, kindMark, kind) : { ...schema };
    return marked(optionalMark, true, copy);
  },
};

/** TypeBox's own marks; not enumerable, so that they are no part of the schema's text. */
const kindMark = '~kind';
const optionalMark = '~optional';

// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- each caller knows what the mark makes of it
function marked<S>(mark: string, value: unknown, schema: object): S {
  return Object.defineProperty(schema, mark, { value, configurable: true }) as S;
}

export function isOptional(schema: TSchema): boolean {
  return optionalMark in schema;
}

export type { Static, TObject, TProperties, TSchema, TUnsafe };
