import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { DataError, formatError } from '../../../src/core/errors.js';
import { Rng } from '../../../src/core/rng.js';
import { allArrays } from '../../../src/nn/parameter.js';
import { saveModule } from '../../../src/nn/checkpoint.js';
import {
  buildNetwork,
  networkMetadata,
  openNetwork,
  readNormalisation,
} from '../../../src/stages/network-file.js';
import { numbers } from '../../support/arrays.js';
import { testEngine } from '../../support/engine.js';
import { tempFolder } from '../../support/temp-folder.js';

const engine = await testEngine();
const normalisation = { mean: [0.5, 0.4, 0.3], std: [0.5, 0.25, 0.2] };

describe('a network file', () => {
  it('says which network it holds: it opens without anything else', async () => {
    const description = { network: { name: 'allconvnet', params: { width: 0.1, dropout: 0.5 } }, classes: 7 };
    const network = await buildNetwork(engine, description, normalisation, new Rng(1, 'weights'));
    const path = join(await tempFolder(), 'network.safetensors');
    await saveModule(engine, path, network, networkMetadata(description, normalisation));
    const opened = await openNetwork(engine, path);
    expect([opened.name, opened.classes, opened.normalisation]).toEqual(['allconvnet', 7, normalisation]);
    expect(allArrays(opened).map((a) => [a.name, numbers(a.variable)])).toEqual(
      allArrays(network).map((a) => [a.name, numbers(a.variable)]),
    );
  });
});

describe('the normalisation of a file', () => {
  const metadata = { normalisation: JSON.stringify(normalisation) };
  const refusal = (...args: Parameters<typeof readNormalisation>): string => {
    try {
      readNormalisation(...args);
    } catch (error) {
      expect(error).toBeInstanceOf(DataError);
      return formatError(error);
    }
    throw new Error('it was taken');
  };

  it('is read from its metadata', () => {
    expect(readNormalisation(metadata, 'w')).toEqual(normalisation);
  });

  it('is what the experiment says where the file says nothing, and may stand in both', () => {
    expect(readNormalisation({}, 'w', normalisation)).toEqual(normalisation);
    const swapped = { std: normalisation.std, mean: normalisation.mean };
    expect(readNormalisation(metadata, 'w', swapped)).toEqual(normalisation);
  });

  it('must not be another one in the experiment', () => {
    expect(refusal(metadata, '/w', { mean: [0, 0, 0], std: normalisation.std })).toBe(
      'PN327 network.normalisation is { mean: [0, 0, 0], std: [0.5, 0.25, 0.2] }, but the weights file was made with ' +
        '{ mean: [0.5, 0.4, 0.3], std: [0.5, 0.25, 0.2] }\n' +
        '  at /w\n' +
        '  Remove network.normalisation: the file says it itself.',
    );
  });

  it.each([
    ['is missing', {}],
    ['is no JSON', { normalisation: '0.5' + ',' }],
    ['is of one channel', { normalisation: '{"mean":[0.5],"std":[0.5]}' }],
    ['would divide by 0', { normalisation: '{"mean":[0,0,0],"std":[1,0,1]}' }],
    ['holds no numbers', { normalisation: '{"mean":["a",0,0],"std":[1,1,1]}' }],
    ['is null', { normalisation: 'null' }],
  ])('%s: the message says what to write', (_name, bad) => {
    expect(refusal(bad, '/weights.safetensors')).toBe(
      'PN325 the weights file does not say how its images are normalised\n' +
        '  at /weights.safetensors\n' +
        '  Say in the experiment with which mean and deviation it was trained, of images from 0 to 1. For the AugMix code it is:\n' +
        '  network.normalisation: { mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] }',
    );
  });
});
