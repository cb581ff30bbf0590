import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import { readNpy } from '../../../src/core/npy.js';
import { readSafetensors } from '../../../src/core/safetensors.js';
import { forwardFrom } from '../../../src/networks/network.js';
import { labelTensor, toTensor } from '../../../src/nn/batch.js';
import { loadModule, moduleTensors } from '../../../src/nn/checkpoint.js';
import { sgdNesterov } from '../../../src/nn/optimizer.js';
import { trainSteps } from '../../../src/nn/train-loop.js';
import { expectClose, numbers } from '../../support/arrays.js';
import { testEngine } from '../../support/engine.js';
import { normalisation, smallAllConvNet } from '../../support/networks.js';

/** Files of scripts/pytorch-golden.py, with all weights as PyTorch writes them. */
const golden = (file: string) =>
  fileURLToPath(new URL(`../../golden/pytorch/narrow/${file}`, import.meta.url));
const engine = await testEngine();
const images = await readNpy<Uint8Array>(golden('images.npy'));
const labels = (await readNpy<Uint8Array>(golden('labels.npy'))).data;
const x = toTensor(engine, images, normalisation);

async function open() {
  const network = smallAllConvNet(engine);
  await loadModule(engine, golden('before.safetensors'), network); // refuses what has other names or shapes
  return network;
}

describe('AllConvNet with the weights of PyTorch', () => {
  it("gives PyTorch's logits within 1e-5", async () => {
    const expected = await readNpy<Float32Array>(golden('logits.npy'));
    expectClose(numbers(forwardFrom(await open(), x, 0)), expected.data, 1e-5);
  });

  it("has PyTorch's losses, weights and running statistics after three steps, within 1e-5", async () => {
    const network = await open();
    const losses: number[] = [];
    await trainSteps({
      engine,
      parameters: network.parameters,
      optimizer: sgdNesterov(engine, network.parameters, { momentum: 0.9, weightDecay: 5e-4 }),
      schedule: () => 0.1,
      from: 0,
      to: 3,
      loss: () => {
        const mode = {
          training: true,
          dropout: { mask: (n: number) => new Float32Array(n).fill(1) },
        } as const;
        return engine.kernels.meanCrossEntropy(forwardFrom(network, x, 0, mode), labelTensor(engine, labels));
      },
      signal: new AbortController().signal,
      onStep: (_step, loss) => losses.push(loss),
    });
    expectClose(losses, JSON.parse(await readFile(golden('losses.json'), 'utf8')) as number[], 1e-5);

    const { tensors: before } = await readSafetensors(golden('before.safetensors'));
    const { tensors: after } = await readSafetensors(golden('after.safetensors'));
    for (const [name, { data }] of await moduleTensors(engine, network)) {
      expectClose(data, after.get(name)!.data, 1e-5);
      // A bias in front of a batch norm has a gradient of 0: it moves by its weight decay only.
      const moved = Math.max(...data.map((v, i) => Math.abs(v - before.get(name)!.data[i]!)));
      if (!/^features\.\d+\.bias$/.test(name)) expect(moved).toBeGreaterThan(1e-3);
    }
  });
});
