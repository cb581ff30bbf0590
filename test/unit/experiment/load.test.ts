import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { ConfigError } from '../../../src/core/diagnostics.js';
import { loadExperiment } from '../../../src/experiment/load.js';
import { noises } from '../../../src/noises/index.js';
import { writeImageFolder } from '../../support/image-sets.js';
import { tempFolder } from '../../support/temp-folder.js';

const smallest = `name: trial
dataset: { name: cifar10 }
network: { name: allconvnet, pretrain: {} }
`;

async function write(text: string, files: readonly string[] = []): Promise<{ folder: string; file: string }> {
  const folder = await tempFolder();
  const file = join(folder, 'experiment.yaml');
  await writeFile(file, text);
  for (const name of files) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), 'weights');
  }
  return { folder, file };
}

async function load(text: string, ...sets: string[]) {
  return loadExperiment((await write(text)).file, sets);
}

async function problemsOf(work: Promise<unknown>): Promise<string[]> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ConfigError)) throw new Error('no ConfigError', { cause: error });
  return error.diagnostics.map(({ file, line, code, message }) => `${file}:${line} ${code} ${message}`);
}

const allNoises = noises.map(({ name }) => name);

describe('loadExperiment', () => {
  it('fills in every default, in the order of the schema', async () => {
    const experiment = await load(smallest);
    expect(JSON.stringify(experiment, undefined, 1)).toBe(
      JSON.stringify(
        {
          name: 'trial',
          seed: 1,
          repeats: 3,
          dataset: { name: 'cifar10', trainSubset: 'all' },
          network: {
            name: 'allconvnet',
            width: 1,
            dropout: 0.5,
            pretrain: {
              recipe: 'standard',
              jensenShannon: true,
              epochs: 100,
              batch: 128,
              learningRate: 0.1,
              weightDecay: 0.0005,
            },
          },
          noise: {
            types: allNoises,
            severities: [1, 2, 3, 4, 5],
            images: 'all',
            environments: {},
            shifts: {},
            source: { kind: 'generate' },
          },
          split: { unlabeled: 0.5, failures: 100, groupBy: 'none' },
          probe: { epochs: 10, samples: 'all' },
          gate: { features: 'gap', target: 'log1p-stage', stage: 'argmax', sigma: { quantile: 0.95 } },
          search: {
            tasks: ['rotation', 'colorization', 'jigsaw'],
            nodes: 4,
            cells: 2,
            candidates: 200,
            steps: 4000,
            batch: 128,
            scoreSamples: 2000,
            cacheSamples: 2000,
            opsPerEdge: 'bernoulli',
          },
          train: { epochs: 8, failureShare: 0.25, augment: 'flip' },
          methods: ['patchnas', 'original', 'patch-random', 'gate-always'],
          baseline: {
            epochs: 20,
            steps: 'epochs',
            learningRate: 0.01,
            batch: 128,
            trainSubset: 'all',
            failureShare: 0.25,
            cutmix: { probability: 0.5 },
            augmix: { jensenShannon: true },
            fsgmix: { dimensions: 32, components: 5 },
            deeprepair: { clusters: 5, style: 'wct-pixel' },
            tent: { epochs: 1, learningRate: 0.001 },
          },
          environmentPatch: {
            labels: 'failures',
            style: 'learned',
            addon: 'depthwise',
            gate: 'environment',
            quantile: 0.975,
            environmentGate: {
              trainImages: 10000,
              steps: 300,
              learningRate: 0.02,
              weightDecay: 1e-3,
              clamp: 8,
            },
            environmentModel: {
              edges: [0.5, 1.5, 3, 5, 8, 12],
              components: 6,
              steps: 400,
              learningRate: 0.05,
              cleanBatch: 128,
              noisyBatch: 512,
              flatness: 1e-3,
              trainImages: 5000,
            },
            training: {
              steps: 400,
              batch: 128,
              failureShare: 0.1,
              learningRate: 0.01,
              weightDecay: 1e-4,
              statisticsBatch: 250,
              rank: 4,
            },
            variants: {},
          },
          engine: { device: 'auto', precision: 'float32', memory: '2GB' },
        },
        undefined,
        1,
      ),
    );
  });

  it('gives the same for the same keys in another order', async () => {
    const reversed = smallest.trimEnd().split('\n').reverse().join('\n');
    expect(JSON.stringify(await load(reversed))).toBe(JSON.stringify(await load(smallest)));
  });

  it('takes the short forms', async () => {
    const { noise, gate } = await load(`${smallest}
noise: { types: all, environments: { mix: all, two: [fog, snow] } }
gate: { sigma: 1.9 }
`);
    expect(noise.types).toEqual(allNoises);
    expect(noise.environments).toEqual({ mix: allNoises, two: ['fog', 'snow'] });
    expect(gate.sigma).toEqual({ value: 1.9 });
  });

  it('keeps seed 0', async () => expect((await load(`${smallest}seed: 0\n`)).seed).toBe(0));

  it('takes anchors and aliases, each as a value of its own', async () => {
    const text = `${smallest}noise: { types: &some [fog, snow], environments: { both: *some } }\n`;
    const { noise } = await load(text, 'noise.types.0=frost');
    expect(noise.types).toEqual(['frost', 'snow']);
    expect(noise.environments).toEqual({ both: ['fog', 'snow'] });
  });

  it('takes a byte order mark, CRLF and a document marker', async () => {
    const experiment = await load(`\uFEFF---\n${smallest}...\n`.replaceAll('\n', '\r\n'));
    expect(experiment).toEqual(await load(smallest));
  });

  it('looks up weights from the folder of the file', async () => {
    const text = smallest.replace('pretrain: {}', 'weights: nets/a.bin, reseed: nets/b.bin');
    const { folder, file } = await write(`${text}methods: [reseed]\n`, ['nets/a.bin', 'nets/b.bin']);
    const { network } = await loadExperiment(file);
    expect(network.weights).toBe(join(folder, 'nets/a.bin'));
    expect(network.reseed).toBe(join(folder, 'nets/b.bin'));
  });

  it('looks up folders of data from the folder of the file', async () => {
    const text = smallest.replace('cifar10', 'image-folder, root: data/leaves');
    const { folder, file } = await write(`${text}noise: { images: 4, source: { kind: npy, dir: data } }
split: { failures: 1 }
methods: [original]
`);
    await writeImageFolder(join(folder, 'data/leaves'), { height: 32, width: 32 });
    const { dataset, noise } = await loadExperiment(file);
    expect(dataset).toEqual({ name: 'image-folder', root: join(folder, 'data/leaves'), trainSubset: 'all' });
    expect(noise.source).toEqual({ kind: 'npy', dir: join(folder, 'data') });
    expect(await problemsOf(loadExperiment(file, ['noise.images=5']))).toEqual([
      '--set:0 PN225 noise.images is 5, but image-folder has 4 test images',
    ]);
  });

  it('looks up weights of a flag from the current folder', async () => {
    const { file } = await write(smallest.replace('pretrain: {}', 'weights: gone.bin'));
    const { network } = await loadExperiment(file, ['network.weights=package.json']);
    expect(network.weights).toBe(join(process.cwd(), 'package.json'));
  });

  it('does not take a folder for weights', async () => {
    const { file } = await write(smallest.replace('pretrain: {}', 'weights: nets'), ['nets/a.bin']);
    expect(await problemsOf(loadExperiment(file))).toEqual([`${file}:3 PN228 network.weights: no file nets`]);
  });

  it('names a file that is not there, and a folder', async () => {
    const folder = await tempFolder();
    const gone = join(folder, 'gone.yaml');
    expect(await problemsOf(loadExperiment(gone))).toEqual([`${gone}:0 PN200 no such file`]);
    expect(await problemsOf(loadExperiment(folder))).toEqual([
      `${folder}:0 PN200 this is a folder, not an experiment file`,
    ]);
  });

  it('lets the control "reseed" train its own network beside pretrain', async () => {
    expect((await load(`${smallest}methods: [original, reseed]\n`)).methods).toEqual(['original', 'reseed']);
  });

  it('asks for enough images to score on only where a search runs', async () => {
    const few = `${smallest}noise: { images: 100 }\nmethods: [original]\n`;
    expect((await load(few)).noise.images).toBe(100);
  });

  it('takes exactly as many failures and score samples as there can be', async () => {
    const text = `${smallest}noise: { images: 20, severities: [1, 2] }\nsplit: { failures: 19 }\n`;
    expect((await load(text, 'search.scoreSamples=4')).split.failures).toBe(19);
    expect(await problemsOf(load(text, 'search.scoreSamples=5', 'split.failures=20'))).toEqual([
      '--set:0 PN226 split.failures is 20, but the labelled half of an environment has 20 images, failures and others',
      '--set:0 PN227 search.scoreSamples is 5, but the fifth of D_u on which candidates are scored has 4 images',
    ]);
  });

  it('knows the size of a made data set from its parameters', async () => {
    const shapes = smallest.replace('cifar10', 'shapes, test: 40');
    expect(await problemsOf(load(shapes, 'noise.images=41'))).toContain(
      '--set:0 PN225 noise.images is 41, but shapes has 40 test images',
    );
  });
});

describe('--set', () => {
  it.each([
    ['repeats=5', { repeats: 5 }],
    ['name=other', { name: 'other' }],
    ['network.width=0.25', { network: { width: 0.25 } }],
    ['network.pretrain.epochs=2', { network: { pretrain: { epochs: 2 } } }],
    ['gate.sigma=2', { gate: { sigma: { value: 2 } } }],
    ['gate.sigma={ quantile: 0.9 }', { gate: { sigma: { quantile: 0.9 } } }],
    ['gate={ stage: 2 }', { gate: { stage: 2, features: 'gap' } }],
    ['noise.types=[fog, snow]', { noise: { types: ['fog', 'snow'] } }],
    ['noise.types=all', { noise: { types: allNoises } }],
    ['noise.environments.two=[fog, snow]', { noise: { environments: { two: ['fog', 'snow'] } } }],
    ['probe.samples=1e4', { probe: { samples: 10000 } }],
    ['name="a"', { name: 'a' }],
  ])('%s', async (flag, part) => expect(await load(smallest, flag)).toMatchObject(part));

  it('lays over what stands in the file, the last flag on top', async () => {
    const text = `${smallest}gate: { stage: 2, sigma: 1.9 }\n`;
    const { gate } = await load(text, 'gate.sigma.value=2', 'gate.sigma.value=3');
    expect(gate).toMatchObject({ stage: 2, sigma: { value: 3 } });
  });

  it('mends a mistake of the file', async () => {
    expect((await load(`${smallest}repeats: 0\n`, 'repeats=1')).repeats).toBe(1);
  });

  it('changes one place of a list', async () => {
    const { noise } = await load(`${smallest}noise: { severities: [1, 3, 5] }\n`, 'noise.severities.1=2');
    expect(noise.severities).toEqual([1, 2, 5]);
  });

  it('gives a section to a key without a value', async () => {
    expect((await load(`${smallest}gate:\n`, 'gate.stage=1')).gate.stage).toBe(1);
  });

  it('never reaches the prototype of objects', async () => {
    await expect(load(smallest, '__proto__.polluted=1', 'gate.__proto__.polluted=1')).rejects.toThrow(
      ConfigError,
    );
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});
