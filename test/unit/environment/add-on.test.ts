import type { Tensor2D, Tensor4D } from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';

import { Rng } from '../../../src/core/rng.js';
import { addOnLogits, buildAddOn, shippedCount } from '../../../src/environment/add-on.js';
import { classifyFlagged, classifyInEnvironment } from '../../../src/environment/answers.js';
import { addOnKinds } from '../../../src/environment/choices.js';
import { momentCount } from '../../../src/environment/moments.js';
import { networks } from '../../../src/networks/index.js';
import { forwardFrom, type Network } from '../../../src/networks/network.js';
import { toTensor } from '../../../src/nn/batch.js';
import { predictedFromLogits } from '../../../src/nn/metrics.js';
import { disposeModule, parameterCount } from '../../../src/nn/parameter.js';
import { expectClose, numbers } from '../../support/arrays.js';
import { testEngine } from '../../support/engine.js';
import { randomImages } from '../../support/images.js';
import { defaultsOf, normalisation, shakeNorms, smallAllConvNet } from '../../support/networks.js';

const engine = await testEngine();
const { tf } = engine;

/** The same weights every time. */
async function small(name: string): Promise<Network> {
  const entry = networks.find((each) => each.name === name)!;
  const shorter: Record<string, unknown> = { width: 0.1, blocks: 1, layers: 2, dropout: 0 };
  const defaults = defaultsOf(entry);
  const params = Object.fromEntries(
    Object.entries(defaults).map(([key, value]) => [key, shorter[key] ?? value]),
  );
  const { build } = await entry.load();
  const network = build(engine, new Rng(1, name), { params, classes: 10, normalisation });
  shakeNorms(engine, network, new Rng(1, 'norms'));
  return network;
}

describe.each(networks.map(({ name }) => name))('%s', (name) => {
  it.each(addOnKinds)('with %s answers as the original does at the start', async (kind) => {
    const [network, copy] = [await small(name), await small(name)];
    const addOn = buildAddOn(engine, copy, kind, new Rng(1, 'add-on'), 4);
    const [height, width] = network.inputShape;
    const x = toTensor(engine, randomImages(new Rng(1, 'x'), 3, height, width), normalisation);
    const [before, after] = [forwardFrom(network, x, 0), addOnLogits(addOn, x, 'inference')];
    const largest = Math.max(...numbers(before).map(Math.abs));
    expectClose(numbers(tf.div(after, largest)), numbers(tf.div(before, largest)), 1e-4);
    disposeModule(network);
    disposeModule({ parameters: [...addOn.network.parameters], buffers: addOn.network.buffers });
  });

  it('has a filter behind every convolution, each on the way to the answer', async () => {
    const network = await small(name);
    const convolutions = network.parameters.filter(
      ({ layout }) => layout === 'conv' || layout === 'depthwise',
    );
    const addOn = buildAddOn(engine, network, 'depthwise', new Rng(1, 'add-on'), 4);
    const filters = addOn.trained.filter(({ name }) => name.endsWith('.add_on.depthwise.weight'));
    expect(filters.map(({ name }) => name.replace('.add_on.depthwise', ''))).toEqual(
      convolutions.map(({ name }) => name),
    );
    const [height, width] = network.inputShape;
    const x = toTensor(engine, randomImages(new Rng(1, 'x'), 2, height, width), normalisation);
    const target = tf.tensor1d([1, 2], 'int32');
    const { grads } = tf.variableGrads(
      () => engine.kernels.meanCrossEntropy(addOnLogits(addOn, x, 'training'), target),
      filters.map(({ variable }) => variable),
    );
    const still = filters.filter(({ variable }) =>
      numbers(grads[variable.name]!).every((value) => value === 0),
    );
    expect(still.map(({ name }) => name)).toEqual([]);
    disposeModule(network);
    disposeModule({ parameters: filters, buffers: [] });
  });
});

describe('what is sent', () => {
  const channels = 3 * 5 + 6 * 10; // of all convolutions, and so of all norms
  it.each([
    ['batchnorm', 2 * channels],
    ['depthwise', 11 * channels],
  ] as const)('with %s is %i numbers', (kind, count) => {
    const addOn = buildAddOn(engine, smallAllConvNet(engine), kind, new Rng(1, 'add-on'), 4);
    expect(shippedCount(addOn)).toBe(count);
    expect(parameterCount(addOn.trained)).toBe(count);
  });

  it('with all is every weight', () => {
    const network = smallAllConvNet(engine);
    const addOn = buildAddOn(engine, network, 'all', new Rng(1, 'add-on'), 4);
    expect(shippedCount(addOn)).toBe(parameterCount(network.parameters));
  });
});

describe('depthwise', () => {
  it('adds to each channel what its filter sees of it', () => {
    const addOn = buildAddOn(engine, smallAllConvNet(engine), 'depthwise', new Rng(1, 'add-on'), 4);
    const filter = addOn.trained.find(({ name }) => name === 'features.0.add_on.depthwise.weight')!;
    const weights = tf.buffer([3, 3, 5, 1]);
    weights.set(2, 1, 0, 3, 0); // the fourth channel, from the pixel on the left
    filter.variable.assign(weights.toTensor());
    const y = tf.tensor4d(
      Float32Array.from({ length: 2 * 3 * 5 }, (_, i) => i),
      [1, 2, 3, 5],
    );
    const conv = { name: 'features.0', size: 3, input: 3, output: 5, pad: 1, bias: true };
    const found = addOn.behindConv!(conv, y, y).arraySync();
    const before = y.arraySync();
    expect(found[0]![1]![2]![3]).toBe(before[0]![1]![2]![3]! + 2 * before[0]![1]![1]![3]!);
    expect(found[0]![1]![0]![3]).toBe(before[0]![1]![0]![3]);
    expect(found[0]![1]![2]![2]).toBe(before[0]![1]![2]![2]);
  });
});

describe('at run time', () => {
  const network = smallAllConvNet(engine);
  const copy = smallAllConvNet(engine);
  for (const each of [network, copy]) shakeNorms(engine, each, new Rng(1, 'norms'));
  const addOn = buildAddOn(engine, copy, 'depthwise', new Rng(1, 'add-on'), 4);
  for (const { name, variable } of addOn.trained) {
    if (!name.includes('.add_on.')) continue;
    const rng = new Rng(1, name);
    variable.assign(tf.tensor(rng.fillNormal(new Float32Array(variable.size)), variable.shape));
  }
  const images = randomImages(new Rng(1, 'images'), 260, 32, 32); // more than one batch
  const width = momentCount(network);
  const gate = {
    mean: new Float64Array(width),
    deviation: new Float64Array(width).fill(1),
    clamp: 8,
    weights: Float64Array.from({ length: width }, (_, c) => (c % 2 === 0 ? 1 : -1)),
    bias: 0,
  };
  const logits = (from: number, to: number, forward: (x: Tensor4D) => Tensor2D): number[] =>
    numbers(
      forward(
        toTensor(
          engine,
          { shape: [to - from, 32, 32, 3], data: images.data.subarray(from * 3072, to * 3072) },
          normalisation,
        ),
      ),
    );
  const classes = (forward: (x: Tensor4D) => Tensor2D): number[] => [
    ...predictedFromLogits(Float32Array.from([...logits(0, 250, forward), ...logits(250, 260, forward)]), 10),
  ];
  const original = classes((x) => forwardFrom(network, x, 0));
  const changed = classes((x) => addOnLogits(addOn, x, 'inference'));

  it('a silent gate leaves every answer to the original, and an open one to the add-on', async () => {
    expect(changed).not.toEqual(original);
    const run = (threshold: number) =>
      classifyInEnvironment(engine, network, { gate, threshold, addOn }, images);
    const silent = await run(Infinity);
    expect([...silent.classes]).toEqual(original);
    expect(silent.flagged.every((flag) => flag === 0)).toBe(true);
    const open = await run(-Infinity);
    expect([...open.classes]).toEqual(changed);
  });

  it('in between, each image gets the answer that its flag says', async () => {
    const { classes: mixed, flagged } = await classifyInEnvironment(
      engine,
      network,
      { gate, threshold: 0, addOn },
      images,
    );
    expect([...mixed]).toEqual(original.map((each, n) => (flagged[n] === 1 ? changed[n] : each)));
    const known = await classifyFlagged(engine, addOn, images, Uint8Array.from(original), flagged);
    expect([...known]).toEqual([...mixed]);
  });

  it('nothing of the original network has moved, and no tensor is left', async () => {
    const before = tf.memory().numTensors;
    await classifyInEnvironment(engine, network, { gate, threshold: 0, addOn }, images);
    expect(tf.memory().numTensors).toBe(before);
    expect(classes((x) => forwardFrom(network, x, 0))).toEqual(original);
  });
});
