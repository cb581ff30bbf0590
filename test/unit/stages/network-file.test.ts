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
  it('is read from its metadata', () => {
    expect(readNormalisation({ normalisation: JSON.stringify(normalisation) }, 'w')).toEqual(normalisation);
  });

  it.each([
    ['is missing', {}],
    ['is no JSON', { normalisation: '0.5' + ',' }],
    ['is of one channel', { normalisation: '{"mean":[0.5],"std":[0.5]}' }],
    ['would divide by 0', { normalisation: '{"mean":[0,0,0],"std":[1,0,1]}' }],
    ['holds no numbers', { normalisation: '{"mean":["a",0,0],"std":[1,1,1]}' }],
    ['is null', { normalisation: 'null' }],
  ])('%s: the message says what to write', (_name, metadata) => {
    let error: unknown;
    try {
      readNormalisation(metadata, '/weights.safetensors');
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(DataError);
    expect(formatError(error)).toBe(
      'PN325 the weights file does not say how its images are normalised\n' +
        '  at /weights.safetensors\n' +
        '  Store it in the file\'s metadata: normalisation = {"mean":[0.5,0.5,0.5],"std":[0.5,0.5,0.5]} for images scaled to -1 … 1.',
    );
  });
});
