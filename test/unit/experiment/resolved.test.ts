import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { loadExperiment } from '../../../src/experiment/load.js';
import { resolvedYaml } from '../../../src/experiment/resolved.js';
import { tempFolder } from '../../support/temp-folder.js';

describe('resolvedYaml', () => {
  it('writes every value out, with paths relative to its folder, and gives the same experiment again', async () => {
    const folder = await tempFolder();
    await mkdir(join(folder, 'results/trial'), { recursive: true });
    await writeFile(join(folder, 'a.safetensors'), '');
    await writeFile(join(folder, 'b.safetensors'), '');
    await writeFile(
      join(folder, 'trial.yaml'),
      `name: trial
dataset: { name: shapes, test: 1000 }
network:
  name: allconvnet
  width: 0.25
  weights: a.safetensors
  reseed: b.safetensors
  expect: { cleanAccuracy: { value: 0.86 } }
noise: { types: [fog, snow], images: 800, environments: { mix: [fog, snow] }, source: { kind: npy, dir: . } }
gate: { sigma: 1.9 }
search: { scoreSamples: 256 }
methods: [patchnas, reseed]
`,
    );
    const experiment = await loadExperiment(join(folder, 'trial.yaml'));
    const text = resolvedYaml(experiment, join(folder, 'results/trial'));
    await expect(text).toMatchFileSnapshot('../../golden/resolved.yaml');

    await writeFile(join(folder, 'results/trial/resolved.yaml'), text);
    expect(await loadExperiment(join(folder, 'results/trial/resolved.yaml'))).toEqual(experiment);
  });
});
