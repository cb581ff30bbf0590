import { experimentSchema } from './schema.js';
import { ownKeywords } from './schema-parts.js';

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * The schema as it is written to `schemas/experiment.schema.json` for editors: the one that ajv checks, with each
 * short form (`sigma: 1.9`) as an alternative beside the full form that it is turned into, and without the keywords
 * of our own.
 */
export function editorSchema(): Json {
  return widen(experimentSchema as unknown as Json);
}

/** The text of `schemas/experiment.schema.json`. */
export function editorSchemaText(): string {
  return `${JSON.stringify(editorSchema(), null, 2)}\n`;
}

function widen(node: Json): Json {
  if (Array.isArray(node)) return node.map(widen);
  if (typeof node !== 'object' || node === null) return node;
  const fields = node as { readonly [key: string]: Json };
  const kept = Object.entries(fields).filter(([key]) => !ownKeywords.some((own) => own === key));
  const full = Object.fromEntries(kept.map(([key, value]) => [key, widen(value)]));
  const short = fields['x-short'];
  if (short === undefined) return full;
  const { description, default: standard, ...rest } = full;
  return {
    anyOf: [widen(short), rest],
    ...(description === undefined ? {} : { description }),
    ...(standard === undefined ? {} : { default: standard }),
  };
}
