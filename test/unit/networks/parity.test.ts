import { fileURLToPath } from 'node:url';

import { beforeAll, describe, expect, it } from 'vitest';

import type { NdArray } from '../../../src/core/npy.js';
import { Rng } from '../../../src/core/rng.js';
import { readSafetensors } from '../../../src/core/safetensors.js';
import { findEntry } from '../../../src/core/entry.js';
import { networks } from '../../../src/networks/index.js';
import { forwardAll, forwardFrom, type Network } from '../../../src/networks/network.js';
import { labelTensor, rows, toTensor } from '../../../src/nn/batch.js';
import { assignTensors, moduleTensors } from '../../../src/nn/checkpoint.js';
import { sgdNesterov } from '../../../src/nn/optimizer.js';
import { disposeModule, type Mode } from '../../../src/nn/parameter.js';
import { numbers } from '../../support/arrays.js';
import { testEngine } from '../../support/engine.js';
import { defaultsOf, normalisation } from '../../support/networks.js';
import { difference, drawn, drawnImages, drawnLabels, summary } from '../../support/pytorch.js';

/** Files of scripts/pytorch-golden.py, made by PyTorch from the same weights and images. */
const golden = (name: string) =>
  fileURLToPath(new URL(`../../golden/pytorch/${name}.safetensors`, import.meta.url));
const engine = await testEngine();
const { tf } = engine;
/** Values of each array that the files keep of the weights after a step. */
const samples = 20;
const undropped: Mode = { training: true, dropout: { mask: (n) => new Float32Array(n).fill(1) } };

describe.each([
  { name: 'allconvnet', size: 32, classes: 10, low: -3 },
  { name: 'wrn-40-2', size: 32, classes: 10, low: -3 },
  { name: 'densenet-bc-100-12', size: 32, classes: 10, low: -3 },
  { name: 'mobilenet-v2', size: 64, classes: 200, low: 3 },
])('$name at full width beside PyTorch', ({ name, size, classes, low }) => {
  const images = drawnImages(8, size);
  const labels = drawnLabels(8, classes);
  let expected: Map<string, NdArray<Float32Array>>;
  let before: Map<string, NdArray<Float32Array>>;
  let network: Network;
  beforeAll(async () => {
    expected = (await readSafetensors(golden(name))).tensors;
    const entry = findEntry(networks, name);
    const { build } = await entry.load();
    network = build(engine, new Rng(0, 'overwritten'), { params: defaultsOf(entry), classes, normalisation });
    before = new Map(
      Array.from(await moduleTensors(engine, network), ([key, { shape }]) => [
        key,
        { shape, data: drawn(key, shape, low) },
      ]),
    );
    assignTensors(engine, network, before, 'the formula');
    return () => disposeModule(network);
  });

  it('has the same arrays', () => {
    const names = [...expected.keys()].filter((key) => key.startsWith('after.'));
    expect([...before.keys()].map((key) => `after.${key}`).sort()).toEqual(names.sort());
  });

  it("gives the same logits and every stage's output, within 1e-5 of the largest value", () => {
    const found = tf.tidy(() => {
      const { maps, logits } = forwardAll(network, toTensor(engine, rows(images, 0, 4), normalisation));
      return [...maps.map((map) => numbers(tf.transpose(map, [0, 3, 1, 2]))), numbers(logits)];
    });
    const largest = found.map((values, i) => {
      const isLogits = i === found.length - 1;
      const reference = expected.get(isLogits ? 'logits' : `stage${i + 1}`)!.data;
      const data = Float32Array.from(values);
      return isLogits
        ? difference([...data, 0, 0], [...reference, 0, 0], 1, largestOf(reference))
        : difference(summary(data, 1000), reference, data.length, largestOf(reference.subarray(0, 1000)));
    });
    for (const value of largest) expect(value).toBeLessThan(1e-5);
  });

  it('has the same loss after a step, and moves weights and statistics as far, within 0.5 %', async () => {
    const optimizer = sgdNesterov(engine, network.parameters, { momentum: 0.9, weightDecay: 5e-4 });
    const { value, grads } = tf.variableGrads(
      () => {
        const x = toTensor(engine, images, normalisation);
        const target = labelTensor(engine, labels);
        return engine.kernels.meanCrossEntropy(forwardFrom(network, x, 0, undropped), target);
      },
      network.parameters.map(({ variable }) => variable),
    );
    optimizer.step(grads, 1);
    const loss = numbers(value)[0]!;
    expect(Math.abs(loss / expected.get('loss')!.data[0]! - 1)).toBeLessThan(1e-5);
    const wrong: string[] = [];
    for (const [key, { data }] of await moduleTensors(engine, network)) {
      const reference = expected.get(`after.${key}`)!.data;
      const start = summary(before.get(key)!.data, samples);
      const change = largestOf(reference.subarray(0, samples).map((value, i) => value - start[i]!));
      const found = difference(summary(data, samples), reference, data.length, change);
      if (!(found < 5e-3)) wrong.push(`${key} differs by ${found} of its change`);
    }
    expect(wrong).toEqual([]);
    optimizer.dispose();
    tf.dispose([value, ...Object.values(grads)]);
  });
});

function largestOf(values: Float32Array): number {
  return values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
}
