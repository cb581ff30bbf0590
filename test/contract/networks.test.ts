import type { Rank } from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';

import { Rng } from '../../src/core/rng.js';
import { networks } from '../../src/networks/index.js';
import { forwardAll, forwardFrom, type Network } from '../../src/networks/network.js';
import { allArrays, disposeModule, inference, parameterCount, type Mode } from '../../src/nn/parameter.js';
import { numbers } from '../support/arrays.js';
import { testEngine } from '../support/engine.js';
import { normalisation } from '../support/networks.js';
import { randomTensor } from '../support/tensors.js';

const engine = await testEngine();
const { tf } = engine;

/** Trained numbers: of each stage, of the head, and of a narrow network. Width 1 is the paper's Table 4. */
const pinned: Record<string, { stages: number[]; head: number; whole: number; quarter: number }> = {
  allconvnet: { stages: [169_344, 831_168, 407_232], head: 1930, whole: 1_409_674, quarter: 89_770 },
};

describe.each(networks.map((entry) => ({ name: entry.name, entry })))('$name', ({ name, entry }) => {
  const defaults = Object.fromEntries(
    Object.entries(entry.params.properties).map(([key, schema]) => [
      key,
      Reflect.get(schema, 'default') as unknown,
    ]),
  );
  const make = async (params: object = {}, seed = 1): Promise<Network> => {
    const { build } = await entry.load();
    const options = { params: { ...defaults, ...params }, classes: 10, normalisation };
    return build(engine, new Rng(seed, `contract/${name}`), options);
  };
  const batch = (network: Network, n: number, seed = 1) =>
    randomTensor<Rank.R4>(tf, new Rng(seed, 'images'), [n, ...network.inputShape]);
  const values = (network: Network) => allArrays(network).map((a) => [a.name, numbers(a.variable)]);
  let small: Network;
  beforeAll(async () => {
    small = await make({ width: 0.1 });
  });

  it('has the pinned number of parameters, stage by stage', async () => {
    const network = await make();
    const { stages, head, whole, quarter } = pinned[name]!;
    expect(network.stages.map((stage) => parameterCount(stage.parameters))).toEqual(stages);
    expect(parameterCount(network.head.parameters)).toBe(head);
    expect(parameterCount(network.parameters)).toBe(whole);
    expect(parameterCount((await make({ width: 0.25 })).parameters)).toBe(quarter);
    expect(entry.stages).toBe(stages.length);
    disposeModule(network);
  });

  it('is called by its name, and names every array once', () => {
    expect(small.name).toBe(name);
    const names = allArrays(small).map((array) => array.name);
    expect(new Set(names).size).toBe(names.length);
    const ofParts = [...small.stages, small.head].flatMap((part) => allArrays(part).map((a) => a.name));
    expect([...ofParts].sort()).toEqual([...names].sort());
  });

  it('has maps of the shapes that it declares, and finite logits', () => {
    const x = batch(small, 2);
    const { maps, logits } = forwardAll(small, x);
    small.stages.forEach((stage, i) => {
      expect(maps[i]!.shape).toEqual([2, ...stage.outputShape]);
      expect(stage.inputShape).toEqual(i === 0 ? small.inputShape : small.stages[i - 1]!.outputShape);
    });
    expect(logits.shape).toEqual([2, small.classes]);
    expect(numbers(logits).every(Number.isFinite)).toBe(true);
  });

  it('gives the same bits whole, from any stage on, and with all maps', () => {
    const x = batch(small, 3);
    const whole = numbers(forwardFrom(small, x, 0));
    const { maps, logits } = forwardAll(small, x);
    expect(numbers(logits)).toEqual(whole);
    maps.forEach((map, i) => expect(numbers(forwardFrom(small, map, i + 1))).toEqual(whole));
  });

  it('answers an image the same alone and among others, within 1e-5', () => {
    const x = batch(small, 5);
    const whole = forwardFrom(small, x, 0);
    const alone = forwardFrom(small, tf.slice(x, [3, 0, 0, 0], [1, -1, -1, -1]), 0);
    const row = numbers(whole).slice(30, 40);
    numbers(alone).forEach((value, k) => expect(Math.abs(value - row[k]!)).toBeLessThan(1e-5));
  });

  it.each([0, 1])('has the same weights for seed %i each time, and others for other seeds', async (seed) => {
    const first = values(await make({ width: 0.1 }, seed));
    expect(values(await make({ width: 0.1 }, seed))).toEqual(first);
    expect(values(await make({ width: 0.1 }, seed + 1))).not.toEqual(first);
  });

  it('keeps its running statistics in inference and moves them in training', async () => {
    const network = await make({ width: 0.1 });
    const before = values(network);
    forwardFrom(network, batch(network, 2), 0, inference);
    expect(values(network)).toEqual(before);
    const training: Mode = { training: true, dropout: { mask: (n) => new Float32Array(n).fill(1) } };
    forwardFrom(network, batch(network, 2), 0, training);
    for (const { name: array, variable } of network.buffers)
      expect(numbers(variable)).not.toEqual(before.find(([other]) => other === array)![1]);
    expect(network.parameters.map((a) => [a.name, numbers(a.variable)])).toEqual(
      before.slice(0, network.parameters.length),
    );
  });

  it('leaves no tensor behind, built or run', async () => {
    const x = batch(small, 2);
    const before = tf.memory().numTensors;
    const network = await make({ width: 0.1 });
    expect(tf.memory().numTensors).toBe(before + allArrays(network).length);
    tf.tidy(() => void forwardFrom(network, x, 0));
    disposeModule(network);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('has as many classes as asked for', async () => {
    const { build } = await entry.load();
    const options = { params: { ...defaults, width: 0.1 }, classes: 7, normalisation };
    const network = build(engine, new Rng(1, 'classes'), options);
    expect(forwardFrom(network, batch(network, 1), 0).shape).toEqual([1, 7]);
  });
});
