import type { SchemaNode } from './expected.js';

/** How to write what was most likely meant by a value that the schema refuses; undefined where that is a guess. */
export function cure(value: unknown, schema: SchemaNode): string | undefined {
  const types: readonly unknown[] = [schema.type, schema['x-short']?.type].flat();
  if (value === null) return 'Give it a value, or remove the key to use the default.';
  if (typeof value === 'object') return undefined;
  const scalar = value as string | number | boolean;
  const text = String(scalar);
  const isNumber = text.trim() !== '' && Number.isFinite(Number(text));
  if (types.includes('array')) return `Write a list: [${text}]`;
  if (types.includes('object') && schema.discriminator)
    return `Write: { ${schema.discriminator.propertyName}: ${text} }`;
  if (typeof value === 'string' && isNumber && (types.includes('integer') || types.includes('number')))
    return `Write it without quotes: ${text.trim()}`;
  if (typeof value !== 'string' && schema.type === 'string' && new RegExp(schema.pattern ?? '^$').test(text))
    return `Write it in quotes: "${text}"`;
  return undefined;
}
