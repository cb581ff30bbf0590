import type { ErrorObject } from 'ajv';
import { stringify } from 'yaml';

import { didYouMean } from '../core/did-you-mean.js';
import { cure } from './cure.js';
import { expected, shown, type SchemaNode } from './expected.js';
import { pathText, type Path } from './source.js';

/** One violation of the schema in words. */
export interface Finding {
  readonly path: Path;
  /** The key that is not there, below `path`. */
  readonly missing?: Path;
  /** The key that an unknown one was most likely meant to be. */
  readonly means?: string;
  readonly part: 'key' | 'value';
  readonly code: string;
  /** @param name the path as the person knows it; empty for the whole file */
  readonly message: (name: string) => string;
  readonly fix?: string;
}

/** ajv's error as words that say what was found, what was expected and how to mend it; undefined for an echo of another. */
export function explain(error: ErrorObject, root: unknown): Finding | undefined {
  const path = pathOf(error.instancePath, root);
  const schema = error.parentSchema as SchemaNode;
  const { keyword } = error;
  const params = error.params as Readonly<Record<string, string>>;
  const data: unknown = error.data;
  if (error.propertyName !== undefined) return undefined; // "propertyNames" itself follows

  switch (keyword) {
    case 'additionalProperties':
      return unknownKey(path, params['additionalProperty']!, schema);
    case 'required':
      return missingKey(path, params['missingProperty']!, schema);
    case 'discriminator': {
      const tag = params['tag']!;
      const value = (data as Record<string, unknown>)[tag];
      if (value === undefined) return missingKey(path, tag, schema);
      const known = schema.oneOf!.map((branch) => String(branch.properties![tag]!.const));
      const catalogue = schema['x-catalogue'];
      const words = { enum: known, ...(catalogue === undefined ? {} : { 'x-catalogue': catalogue }) };
      return wrongWord([...path, tag], value, words);
    }
    case 'enum':
      return wrongWord(path, data, schema);
    case 'propertyNames': {
      const key = params['propertyName']!;
      const rule = (error.schema ?? {}) as SchemaNode;
      const message = () => `"${key}" in ${pathText(path)} must be ${expected(rule)}`;
      return { path: [...path, key], part: 'key', code: 'PN211', message };
    }
    case 'minItems': {
      const { limit } = params as unknown as { limit: number };
      const message = (name: string) =>
        (data as unknown[]).length === 0
          ? `${name} is empty`
          : `${name} needs at least ${limit} but has ${(data as unknown[]).length}`;
      return { path, part: 'value', code: 'PN214', message, fix: `It must be ${expected(schema)}.` };
    }
    case 'uniqueItems': {
      const { i, j } = params as unknown as { i: number; j: number };
      const item = (data as unknown[])[i];
      const message = () =>
        `${pathText(path)} lists ${typeof item === 'string' ? `"${item}"` : String(item)} twice`;
      return {
        path: [...path, Math.max(i, j)],
        part: 'value',
        code: 'PN215',
        message,
        fix: 'Remove one of them.',
      };
    }
    default:
      return wrongValue(path, data, schema);
  }
}

function unknownKey(path: Path, key: string, schema: SchemaNode): Finding {
  const known = Object.keys(schema.properties ?? {});
  const near = didYouMean(key, known);
  const where = path.length > 0 ? ` in ${pathText(path)}` : '';
  const fix =
    key === '<<'
      ? 'Merge keys are not part of YAML 1.2: write the keys out, or repeat single values by aliases (*name).'
      : `${near === undefined ? '' : `Did you mean "${near}"? `}Keys here: ${known.join(', ')}`;
  return {
    path: [...path, key],
    part: 'key',
    code: 'PN210',
    message: () => `unknown key "${key}"${where}`,
    fix,
    ...(near === undefined ? {} : { means: near }),
  };
}

function missingKey(path: Path, key: string, schema: SchemaNode): Finding {
  const property = schema.properties?.[key] ?? {};
  const known = schema.oneOf?.map((branch) => String(branch.properties![key]!.const));
  const example = property.examples?.[0] ?? known?.[0];
  return {
    path,
    missing: [key],
    part: 'key',
    code: 'PN213',
    message: (name) => `${name === '' ? 'the experiment' : name} needs the key "${key}"`,
    fix:
      example === undefined ? `It must be ${expected(property)}.` : `For example: ${key}: ${flow(example)}`,
  };
}

function wrongWord(path: Path, value: unknown, schema: SchemaNode): Finding {
  const catalogue = schema['x-catalogue'];
  const known = schema.enum!;
  const near = typeof value === 'string' ? didYouMean(value, known) : undefined;
  const guess = near === undefined ? undefined : `Did you mean "${near}"?`;
  if (catalogue === undefined || typeof value !== 'string')
    return { ...wrongValue(path, value, schema), ...(guess === undefined ? {} : { fix: guess }) };
  return {
    path,
    part: 'value',
    code: 'PN212',
    message: () => `unknown ${catalogue.replace(/s$/, '')} "${value}"`,
    fix: `${guess === undefined ? '' : `${guess} `}Known ${catalogue}: ${known.join(', ')} (patchnas list ${catalogue})`,
  };
}

function wrongValue(path: Path, value: unknown, schema: SchemaNode): Finding {
  const message = (name: string) =>
    `${name === '' ? 'the experiment' : name} must be ${expected(schema)} but is ${shown(value)}`;
  const fix = cure(value, schema);
  return { path, part: 'value', code: 'PN211', message, ...(fix === undefined ? {} : { fix }) };
}

/** A value as YAML on one line. */
function flow(value: unknown): string {
  return stringify(value, { collectionStyle: 'flow' }).trimEnd();
}

/** ajv's pointer as keys and list positions. */
export function pathOf(pointer: string, root: unknown): Path {
  const path: (string | number)[] = [];
  let value = root;
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    path.push(Array.isArray(value) ? Number(key) : key);
    value = (value as Record<string, unknown> | undefined)?.[key];
  }
  return path;
}
