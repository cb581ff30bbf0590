import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { identityOf } from '../../../src/experiment/identity.js';
import { loadExperiment } from '../../../src/experiment/load.js';
import { resolvedYaml } from '../../../src/experiment/resolved.js';

const text = readFileSync('test/golden/resolved.yaml', 'utf8');

function changed(from: string, to: string): string {
  expect(text.split(from).length).toBe(2);
  return text.replace(from, to);
}

it('leaves out memory, on which no figure depends', () => {
  expect(identityOf(changed('memory: 2GB', 'memory: 500MB'))).toBe(identityOf(text));
});

it('has settings that came later at their defaults', () => {
  expect(identityOf(changed('  memory: 2GB\n', ''))).toBe(identityOf(text));
});

it.each([
  ['seed', 'name: trial\nseed: 1\n', 'name: trial\nseed: 2\n'],
  ['precision', 'precision: float32', 'precision: bfloat16'],
  ['a file', 'weights: ../../a.safetensors', 'weights: ../../c.safetensors'],
])('holds everything else: %s', (_, from, to) => {
  expect(identityOf(changed(from, to))).not.toBe(identityOf(text));
});

it.each([
  ['no YAML', 'name: ['],
  ['no experiment', 'name: 3\n'],
  ['nothing', ''],
])('of what is %s, is the text itself', (_, config) => {
  expect(identityOf(config)).toBe(config);
});

/** So that running the experiment in a checkout replaces what is recorded of it, and goes nowhere else. */
it.each([
  'quickstart',
  'compared',
  'cifar10-allconv-small',
  'cifar10-allconv-small-compared',
  'environment-patch',
  'environment-patch-ablation',
  'environment-patch-limits',
])('results/%s are those of the experiment file of that name', async (name) => {
  const dir = join('results', name);
  const experiment = await loadExperiment(join('configs', `${name}.yaml`));
  const config = readFileSync(join(dir, 'resolved.yaml'), 'utf8');
  expect(identityOf(resolvedYaml(experiment, dir))).toBe(identityOf(config));
});
