import { readFileSync } from 'node:fs';

import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

import { editorSchema, editorSchemaText } from '../../../src/experiment/editor-schema.js';
import { experimentSchema } from '../../../src/experiment/schema.js';
import { ownKeywords } from '../../../src/experiment/schema-parts.js';

/** An editor knows nothing of discriminators. */
function editor() {
  return new Ajv({ allErrors: true, strict: false }).compile(editorSchema() as object);
}

const smallest = 'name: a\ndataset: { name: cifar10 }\nnetwork: { name: allconvnet, pretrain: {} }\n';

describe('schemas/experiment.schema.json', () => {
  it('is the schema of the catalogues as they are (npm run schema writes it)', () => {
    expect(readFileSync('schemas/experiment.schema.json', 'utf8')).toBe(editorSchemaText());
  });

  it.each([
    '',
    'gate: { sigma: 1.9 }',
    'gate: { sigma: { quantile: 0.9 } }',
    'noise: { types: all, environments: { mix: all, two: [fog, snow] } }',
    'noise: { types: [fog], images: 100 }',
    'gate: { stage: 2 }',
    'engine: { memory: 1.5GB }',
  ])('lets an editor accept: %s', (line) => {
    const check = editor();
    check(parse(smallest + line));
    expect(check.errors).toBeNull();
  });

  it.each([
    'gate: { sigma: -1 }',
    'gate: { sigma: {} }',
    'noise: { types: most }',
    'noise: { types: [rain] }',
    'noise: { severities: [6] }',
    'noise: { environments: { one: [fog] } }',
    'dataset: { name: cifar10, test: 10 }',
    'probes: {}',
  ])('lets an editor refuse: %s', (line) => {
    const text = line.startsWith('dataset') ? smallest.replace(/dataset.*/, line) : smallest + line;
    expect(editor()(parse(text))).toBe(false);
  });

  it('describes every key', () => {
    const undescribed: string[] = [];
    const visit = (node: unknown, path: string): void => {
      if (typeof node !== 'object' || node === null) return;
      for (const [key, value] of Object.entries(node)) {
        const isProperty = path.endsWith('/properties');
        if (isProperty && !('const' in value) && !('description' in value))
          undescribed.push(`${path}/${key}`);
        visit(value, `${path}/${key}`);
      }
    };
    visit(editorSchema(), '');
    expect(undescribed).toEqual([]);
  });
});

describe('the experiment schema', () => {
  it("passes ajv's strict mode and its meta-schema", () => {
    const ajv = new Ajv({ strict: true, discriminator: true, useDefaults: true, allowUnionTypes: true });
    ajv.addVocabulary([...ownKeywords]);
    expect(() => ajv.compile(experimentSchema)).not.toThrow();
  });
});
