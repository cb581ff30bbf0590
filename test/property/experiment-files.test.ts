import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { ConfigError } from '../../src/core/diagnostics.js';
import { Rng } from '../../src/core/rng.js';
import { loadExperiment } from '../../src/experiment/load.js';
import { tempFolder } from '../support/temp-folder.js';

const valid = `name: trial
seed: 3
dataset: { name: shapes, test: 4000 }
network:
  name: allconvnet
  width: 0.25
  pretrain: { epochs: 2 }
noise:
  types: [fog, "snow"]   # a comment
  severities: [1, 3, 5]
  environments: { mix: all }
gate: { sigma: { quantile: 0.9 }, stage: argmax }
search: { tasks: [rotation, jigsaw], scoreSamples: 200 }
methods: [patchnas, original]
`;
const pieces = [
  ...Array.from('[]{}:,-#&*!|>\'"%@`\t\n ?0'),
  ': ',
  '- ',
  '---\n',
  '&a ',
  '*a',
  '<<',
  '.nan',
  'null',
  '!!set ',
  '\u{1F600}',
  '\0',
];

/** The text with a few places deleted, doubled, or written over. */
function damage(text: string, rng: Rng): string {
  for (let n = 1 + rng.int(3); n > 0; n--) {
    const at = rng.int(text.length);
    const end = at + rng.int(6);
    const piece = [pieces[rng.int(pieces.length)]!, '', text.slice(at, end).repeat(2)][rng.int(3)]!;
    text = text.slice(0, at) + piece + text.slice(rng.bernoulli(0.5) ? at : end);
  }
  return text;
}

it('any damaged experiment file is accepted or refused with places that are in it', async () => {
  const file = join(await tempFolder(), 'damaged.yaml');
  let refused = 0;
  for (let seed = 0; seed < 600; seed++) {
    const text = damage(valid, new Rng(seed, 'damaged-experiment'));
    await writeFile(file, text);
    try {
      await loadExperiment(file);
    } catch (error) {
      const about = `seed ${seed}: ${JSON.stringify(text)}`;
      expect(error, about).toBeInstanceOf(ConfigError);
      const lines = text.split(/\r?\n/);
      const { diagnostics } = error as ConfigError;
      expect(diagnostics.length, about).toBeGreaterThan(0);
      for (const { line, column, length, source, message } of diagnostics) {
        expect(source, about).toBe(lines[line - 1]);
        expect(column - 1 + length, about).toBeLessThanOrEqual(Math.max(1, source.length + 1));
        expect(column, about).toBeGreaterThanOrEqual(1);
        expect(message, about).not.toMatch(/undefined|NaN|\[object/);
      }
      refused++;
    }
  }
  expect(refused).toBeGreaterThan(300);
});
