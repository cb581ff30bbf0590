import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { DataError, formatError } from '../../../src/core/errors.js';
import type { NdArray } from '../../../src/core/npy.js';
import { Rng } from '../../../src/core/rng.js';
import { encodeSafetensors } from '../../../src/core/safetensors.js';
import { batchNorm } from '../../../src/nn/batch-norm.js';
import { assignTensors, loadModule, moduleTensors, saveModule } from '../../../src/nn/checkpoint.js';
import { conv } from '../../../src/nn/conv.js';
import { dense } from '../../../src/nn/dense.js';
import { allArrays, joinModules, type Module } from '../../../src/nn/parameter.js';
import { buildConvolution } from '../../../src/repair/operations.js';
import { numbers } from '../../support/arrays.js';
import { testEngine } from '../../support/engine.js';
import { tempFolder } from '../../support/temp-folder.js';

const engine = await testEngine();

/** One array of every layout: a conv, a norm with buffers, a depthwise filter and a dense layer. */
function make(seed = 1): Module {
  const rng = new Rng(seed, 'module');
  return joinModules([
    conv(engine, rng, { name: 'conv', size: 3, input: 2, output: 4, pad: 1, bias: true }),
    batchNorm(engine, 'norm', 4),
    buildConvolution(engine, rng, 'op', 'sepconv3x3', 4),
    dense(engine, rng, 'fc', 4, 3),
  ]);
}

const valuesOf = (module: Module) => allArrays(module).map((a) => [a.name, numbers(a.variable)]);
const find = (module: Module, name: string) => allArrays(module).find((a) => a.name === name)!.variable;

describe('moduleTensors', () => {
  it("has PyTorch's names and shapes", async () => {
    const shapes = [...(await moduleTensors(engine, make()))].map(([name, { shape }]) => [name, shape]);
    expect(Object.fromEntries(shapes)).toEqual({
      'conv.weight': [4, 2, 3, 3],
      'conv.bias': [4],
      'norm.weight': [4],
      'norm.bias': [4],
      'norm.running_mean': [4],
      'norm.running_var': [4],
      'op.depthwise.weight': [4, 1, 3, 3],
      'op.pointwise.weight': [4, 4, 1, 1],
      'fc.weight': [3, 4],
      'fc.bias': [3],
    });
  });

  it('turns filters from HWIO to OIHW, depthwise ones to C1HW, dense weights to [out, in]', async () => {
    const module = make();
    const tensors = await moduleTensors(engine, module);
    const conv = numbers(find(module, 'conv.weight'));
    const depthwise = numbers(find(module, 'op.depthwise.weight'));
    const fc = numbers(find(module, 'fc.weight'));
    for (let y = 0; y < 3; y++)
      for (let x = 0; x < 3; x++)
        for (let o = 0; o < 4; o++) {
          for (let i = 0; i < 2; i++)
            expect(tensors.get('conv.weight')!.data[((o * 2 + i) * 3 + y) * 3 + x]).toBe(
              conv[((y * 3 + x) * 2 + i) * 4 + o],
            );
          expect(tensors.get('op.depthwise.weight')!.data[(o * 3 + y) * 3 + x]).toBe(
            depthwise[(y * 3 + x) * 4 + o],
          );
        }
    for (let i = 0; i < 4; i++)
      for (let o = 0; o < 3; o++) expect(tensors.get('fc.weight')!.data[o * 4 + i]).toBe(fc[i * 3 + o]);
  });

  it('leaves no tensor behind', async () => {
    const module = make();
    const before = engine.tf.memory().numTensors;
    await moduleTensors(engine, module);
    expect(engine.tf.memory().numTensors).toBe(before);
  });
});

describe('a saved module', () => {
  it('comes back bit for bit, with its metadata', async () => {
    const path = join(await tempFolder(), 'module.safetensors');
    const saved = make();
    await saveModule(engine, path, saved, { normalisation: '{"mean":[0.5]}' });
    const loaded = make(2);
    expect(valuesOf(loaded)).not.toEqual(valuesOf(saved));
    const before = engine.tf.memory().numTensors;
    expect(await loadModule(engine, path, loaded)).toEqual({ normalisation: '{"mean":[0.5]}' });
    expect(engine.tf.memory().numTensors).toBe(before);
    expect(valuesOf(loaded)).toEqual(valuesOf(saved));
  });

  it('has the same bytes for the same values', async () => {
    const folder = await tempFolder();
    const [a, b] = [join(folder, 'a'), join(folder, 'b')];
    await saveModule(engine, a, make(), { x: '1' });
    await saveModule(engine, b, make(), { x: '1' });
    expect(await readFile(a)).toEqual(await readFile(b));
  });
});

describe('a file that does not fit', () => {
  const where = '/data/other.safetensors';
  const refusal = (module: Module, tensors: Map<string, NdArray<Float32Array>>): string => {
    try {
      assignTensors(engine, module, tensors, where);
    } catch (error) {
      expect(error).toBeInstanceOf(DataError);
      return formatError(error);
    }
    throw new Error('it was taken');
  };

  it('is refused with every missing, extra and misshapen tensor by name, and nothing is changed', async () => {
    const tensors = await moduleTensors(engine, make(2));
    tensors.delete('conv.bias');
    tensors.delete('norm.running_var');
    tensors.set('fc.weight', { shape: [4, 3], data: new Float32Array(12) });
    tensors.set('conv.weight', { shape: [4, 2, 5, 5], data: new Float32Array(200) });
    tensors.set('head.weight', { shape: [1], data: new Float32Array(1) });
    const module = make(1);
    expect(refusal(module, tensors)).toBe(
      [
        'PN324 the weights do not fit the network:',
        '  conv.weight is [4, 2, 5, 5] but the network has [4, 2, 3, 3]',
        '  missing conv.bias [4]',
        '  fc.weight is [4, 3] but the network has [3, 4]',
        '  missing norm.running_var [4]',
        '  unknown head.weight [1]',
        '  at /data/other.safetensors',
        '  Give the file that belongs to this network, or set the network and its width to the ones that it was trained with.',
      ].join('\n'),
    );
    expect(valuesOf(module)).toEqual(valuesOf(make(1)));
  });

  it("but PyTorch's batch counters do no harm", async () => {
    const tensors = await moduleTensors(engine, make(2));
    tensors.set('norm.num_batches_tracked', { shape: [], data: Float32Array.of(7) });
    const path = join(await tempFolder(), 'pytorch.safetensors');
    await writeFile(path, encodeSafetensors(tensors));
    const module = make(1);
    await loadModule(engine, path, module);
    expect(valuesOf(module)).toEqual(valuesOf(make(2)));
  });
});
