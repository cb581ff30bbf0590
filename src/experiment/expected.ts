/** What the messages need to know of a node of the schema. */
export interface SchemaNode {
  readonly type?: string | readonly string[];
  readonly enum?: readonly string[];
  readonly const?: unknown;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode;
  readonly oneOf?: readonly SchemaNode[];
  readonly discriminator?: { readonly propertyName: string };
  readonly examples?: readonly unknown[];
  readonly 'x-expected'?: string;
  readonly 'x-catalogue'?: string;
  readonly 'x-short'?: SchemaNode;
}

/** What a value must be, to stand after "must be": "a whole number from 1 to 5". */
export function expected(schema: SchemaNode): string {
  if (schema['x-expected'] !== undefined) return schema['x-expected'];
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return alternatives(schema.enum.map((value) => JSON.stringify(value)));
  const kinds: Record<string, string> = {
    integer: `a whole number${range(schema)}`,
    number: `a number${range(schema)}`,
    string: 'a text',
    array: 'a list',
    object: schema.discriminator
      ? `a mapping with the key "${schema.discriminator.propertyName}"`
      : 'a mapping of keys to values',
  };
  return kinds[String(schema.type)] ?? String(schema.type);
}

function range({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: SchemaNode): string {
  if (minimum !== undefined && maximum !== undefined) return ` from ${minimum} to ${maximum}`;
  if (exclusiveMinimum !== undefined && exclusiveMaximum !== undefined)
    return ` above ${exclusiveMinimum} and below ${exclusiveMaximum}`;
  if (exclusiveMinimum !== undefined)
    return ` above ${exclusiveMinimum}${maximum === undefined ? '' : ` and at most ${maximum}`}`;
  return minimum === undefined ? '' : ` of at least ${minimum}`;
}

/** `a, b or c` */
export function alternatives(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

/** A value as a person wrote it, to stand after "but is": 'the text "abc"', "an empty list". */
export function shown(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  if (typeof value === 'string')
    return `the text ${JSON.stringify(value.length > 40 ? `${value.slice(0, 39)}…` : value)}`;
  if (Number.isNaN(value)) return 'not a number (.nan)';
  if (value === Infinity || value === -Infinity) return value > 0 ? 'infinite (.inf)' : 'infinite (-.inf)';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') {
    const keys = Object.keys(value);
    return keys.length === 0 ? 'an empty mapping' : `a mapping with ${keys.join(' and ')}`;
  }
  return JSON.stringify(value);
}
