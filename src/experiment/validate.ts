import { Ajv, type ValidateFunction } from 'ajv';

import { explain, type Finding } from './explain.js';
import type { SchemaNode } from './expected.js';
import { experimentSchema } from './schema.js';
import { ownKeywords } from './schema-parts.js';
import { pathText } from './source.js';

let compiled: ValidateFunction | undefined;

function validator(): ValidateFunction {
  const ajv = new Ajv({
    strict: true,
    allErrors: true,
    verbose: true,
    discriminator: true,
    useDefaults: true,
    allowUnionTypes: true,
    // These two halve the time to compile; a test checks the schema against its meta-schema.
    validateSchema: false,
    code: { optimize: false },
  });
  ajv.addVocabulary([...ownKeywords]);
  return (compiled ??= ajv.compile(experimentSchema));
}

/**
 * Checks a normalised value against the schema and fills in the defaults.
 * @param value changed in place
 * @returns every place where the value breaks the schema, once
 */
export function validate(value: unknown): Finding[] {
  const check = validator();
  if (check(value)) return [];
  const found = new Map<string, Finding>();
  for (const error of check.errors ?? []) {
    const finding = explain(error, value);
    if (!finding) continue;
    const mark = JSON.stringify([finding.path, finding.missing]);
    if (!found.has(mark)) found.set(mark, finding);
  }
  return [...found.values()];
}

/** The findings to show: a misspelt key is one mistake, not an unknown and a missing one. */
export function withoutEchoes(findings: readonly Finding[]): Finding[] {
  const meant = findings.flatMap(({ path, means }) =>
    means === undefined ? [] : pathText([...path.slice(0, -1), means]),
  );
  return findings.filter(({ path, missing }) => !missing || !meant.includes(pathText([...path, ...missing])));
}

/** The same value with its keys in the order of the schema, so that one experiment has one text. */
export function inOrder(
  value: unknown,
  schema: SchemaNode = experimentSchema as unknown as SchemaNode,
): unknown {
  if (Array.isArray(value)) return value.map((item) => inOrder(item, schema.items ?? {}));
  if (typeof value !== 'object' || value === null) return value;
  const fields = value as Record<string, unknown>;
  const tag = schema.discriminator?.propertyName;
  const branch =
    tag === undefined ? schema : schema.oneOf?.find((one) => one.properties?.[tag]?.const === fields[tag]);
  const properties = branch?.properties ?? {};
  const keys = Object.keys(properties).filter((key) => key in fields);
  const rest = Object.keys(fields).filter((key) => !(key in properties));
  return Object.fromEntries(
    [...keys, ...rest].map((key) => [key, inOrder(fields[key], properties[key] ?? {})]),
  );
}
