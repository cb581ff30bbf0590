import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { DataError, formatError } from '../../../src/core/errors.js';
import { readNpy } from '../../../src/core/npy.js';
import { readSafetensors } from '../../../src/core/safetensors.js';
import { forwardFrom } from '../../../src/networks/network.js';
import { toTensor } from '../../../src/nn/batch.js';
import { networkMetadata, openNetwork } from '../../../src/stages/network-file.js';
import { pretrain } from '../../../src/stages/pretrain.js';
import { expectClose, numbers } from '../../support/arrays.js';
import { testEngine } from '../../support/engine.js';
import { normalisation } from '../../support/networks.js';
import { runStage } from '../../support/stage-run.js';
import { tempFolder } from '../../support/temp-folder.js';

const engine = await testEngine();
const files = 'test/golden/pytorch-files';
const images = await readNpy<Uint8Array>('test/golden/pytorch/narrow/images.npy');
const logits = (await readNpy<Float32Array>('test/golden/pytorch/narrow/logits.npy')).data;
const described = (width: number) => ({
  network: { name: 'allconvnet', params: { width, dropout: 0.5 } },
  classes: 10,
});

/** The stage's weights from a file of scripts/pytorch-files.py. */
async function taken(file: string, given: object = { normalisation }, width = 0.05): Promise<string> {
  const sha256 = 'ab'.repeat(32);
  const { folder } = await runStage(pretrain, join(await tempFolder(), 'pretrain'), {
    params: { ...described(width), source: { kind: 'file', sha256, ...given } },
    runtime: { files: { [sha256]: `${files}/${file}` } },
  });
  return join(folder, 'network.safetensors');
}

async function refusal(...args: Parameters<typeof taken>): Promise<string> {
  const error: unknown = await taken(...args).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(DataError);
  return formatError(error);
}

describe('a network from the files of others', () => {
  it.each([
    ["a checkpoint of AugMix's training script", 'checkpoint.pth.tar', 1e-5],
    ['safetensors of half precision without metadata', 'half.safetensors', 2e-2],
  ])("%s gives PyTorch's logits", async (_case, file, tolerance) => {
    const path = await taken(file);
    const network = await openNetwork(engine, path);
    expect(network.normalisation).toEqual(normalisation);
    expectClose(numbers(forwardFrom(network, toTensor(engine, images, normalisation), 0)), logits, tolerance);
  });

  it("is kept as PyTorch's tensors, without its counters, with all that is needed to open it", async () => {
    const { tensors, metadata } = await readSafetensors(await taken('checkpoint.pth.tar'));
    const before = await readSafetensors('test/golden/pytorch/narrow/before.safetensors');
    const wanted = [...before.tensors].filter(([name]) => !name.endsWith('num_batches_tracked'));
    expect(tensors).toEqual(new Map(wanted));
    expect(metadata).toEqual(networkMetadata(described(0.05), normalisation));
  });
});

describe('refused is', () => {
  it('a file that says nothing of its normalisation, where the experiment does not either', async () => {
    expect(await refusal('checkpoint.pth.tar', {})).toMatch(/^PN325 /);
  });

  it('a file of another network: every tensor of both by name and shape', async () => {
    const lines = (await refusal('views.pt')).split('\n');
    expect(lines[0]).toBe('PN324 the weights do not fit the network:');
    expect(lines.slice(1, 3)).toEqual([
      '  missing features.0.weight [5, 3, 3, 3]',
      '  missing features.0.bias [5]',
    ]);
    expect(lines.filter((line) => line.startsWith('  missing '))).toHaveLength(9 * 6 + 2);
    expect(lines.filter((line) => line.startsWith('  unknown '))).toEqual([
      '  unknown base [4, 3, 2]',
      '  unknown row [3, 2]',
      '  unknown turned [2, 4, 3]',
      '  unknown every third [8]',
      '  unknown repeated [2, 3]',
      '  unknown channels last [2, 3, 2, 2]',
      '  unknown parameter [4, 2]',
    ]);
  });

  it('a file of another width', async () => {
    const lines = (await refusal('checkpoint.pth.tar', { normalisation }, 0.1)).split('\n');
    expect(lines.slice(0, 2)).toEqual([
      'PN324 the weights do not fit the network:',
      '  features.0.weight is [5, 3, 3, 3] but the network has [10, 3, 3, 3]',
    ]);
  });
});
