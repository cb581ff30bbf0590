import type { Rank } from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';

import { Rng } from '../../src/core/rng.js';
import { networks } from '../../src/networks/index.js';
import { forwardAll, forwardFrom, type MapShape, type Network } from '../../src/networks/network.js';
import { dropDerived } from '../../src/nn/derived.js';
import { allArrays, disposeModule, inference, parameterCount, type Mode } from '../../src/nn/parameter.js';
import { fisherInformation } from '../../src/repair/fisher.js';
import { patchParameterCount } from '../../src/repair/patch.js';
import { buildProbes } from '../../src/repair/probe.js';
import { sampleStructure } from '../../src/repair/structure.js';
import { numbers } from '../support/arrays.js';
import { testEngine } from '../support/engine.js';
import { defaultsOf, normalisation, shakeNorms } from '../support/networks.js';
import { randomTensor } from '../support/tensors.js';

const engine = await testEngine();
const { tf } = engine;

interface Pinned {
  readonly classes: number;
  /** Trained numbers of each stage and of the head, and the shape of each stage's output. */
  readonly stages: readonly number[];
  readonly head: number;
  readonly whole: number;
  readonly shapes: readonly MapShape[];
  /** Probes, gate and a patch of mean size over the network, in per cent: the paper's Table 4. */
  readonly overhead: number;
  /** Trained numbers at other parameters. */
  readonly others: readonly (readonly [params: object, count: number])[];
  /** Quick on one core, and the real architecture. */
  readonly small: object;
}

const pinned: Record<(typeof networks)[number]['name'], Pinned> = {
  allconvnet: {
    classes: 10,
    stages: [169_344, 831_168, 407_232],
    head: 1930,
    whole: 1_409_674,
    shapes: [
      [32, 32, 96],
      [16, 16, 192],
      [10, 10, 192],
    ],
    overhead: 13.21,
    others: [[{ width: 0.25 }, 89_770]],
    small: { width: 0.1 },
  },
  'wrn-40-2': {
    classes: 10,
    stages: [107_664, 427_456, 1_706_880],
    head: 1546,
    whole: 2_243_546,
    shapes: [
      [32, 32, 32],
      [16, 16, 64],
      [8, 8, 128],
    ],
    overhead: 7.59,
    others: [
      [{ width: 0.25 }, 141_566],
      [{ width: 0.5, blocks: 1 }, 76_594],
    ],
    small: { width: 0.1, blocks: 2 },
  },
  'densenet-bc-100-12': {
    classes: 10,
    stages: [176_328, 266_640, 322_080],
    head: 4114,
    whole: 769_162,
    shapes: [
      [32, 32, 216],
      [16, 16, 300],
      [8, 8, 342],
    ],
    overhead: 23.18,
    others: [
      [{ width: 0.25 }, 53_187],
      [{ width: 0.5, layers: 2 }, 11_698],
    ],
    small: { width: 0.25, layers: 2 },
  },
  'mobilenet-v2': {
    classes: 200,
    stages: [1824, 13_968, 39_696, 487_040, 1_269_184],
    head: 668_360,
    whole: 2_480_072,
    shapes: [
      [32, 32, 16],
      [16, 16, 24],
      [8, 8, 32],
      [4, 4, 96],
      [2, 2, 320],
    ],
    overhead: 8.06,
    others: [
      [{ width: 0.25 }, 494_312],
      [{ stemStride: 1 }, 2_480_072],
    ],
    small: { width: 0.1 },
  },
};

describe.each(networks.map((entry) => ({ name: entry.name, entry })))('$name', ({ name, entry }) => {
  const { classes, stages, head, whole, shapes, overhead, others, small: smallParams } = pinned[name];
  const make = async (params: object = {}, seed = 1): Promise<Network> => {
    const { build } = await entry.load();
    const options = { params: { ...defaultsOf(entry), ...params }, classes, normalisation };
    return build(engine, new Rng(seed, `contract/${name}`), options);
  };
  const batch = (network: Network, n: number, seed = 1) =>
    randomTensor<Rank.R4>(tf, new Rng(seed, 'images'), [n, ...network.inputShape]);
  const values = (network: Network) => allArrays(network).map((a) => [a.name, numbers(a.variable)]);
  let small: Network;
  beforeAll(async () => {
    small = await make(smallParams);
  });

  it('has the pinned shapes and number of parameters, stage by stage', async () => {
    const network = await make();
    expect(network.stages.map((stage) => parameterCount(stage.parameters))).toEqual(stages);
    expect(parameterCount(network.head.parameters)).toBe(head);
    expect(parameterCount(network.parameters)).toBe(whole);
    expect(network.stages.map((stage) => stage.outputShape)).toEqual(shapes);
    expect(entry.stages).toBe(stages.length);
    expect(entry.imageSize).toBe(network.inputShape[0]);
    disposeModule(network);
  });

  it('has the pinned number of parameters at other settings', async () => {
    for (const [params, count] of others) {
      const network = await make(params);
      expect([params, parameterCount(network.parameters)]).toEqual([params, count]);
      disposeModule(network);
    }
  });

  it("has probes and a patch of the paper's sizes, within half a per cent of the network", async () => {
    const network = await make();
    const probes = buildProbes(engine, new Rng(1, 'probes'), network);
    const gate = stages.length * (network.probeChannels + 1);
    const added = probes.reduce((sum, probe) => sum + parameterCount(probe.parameters), gate);
    const space = { nodes: 4, cells: 2, opsPerEdge: 'bernoulli' } as const;
    const rng = new Rng(1, 'structures');
    const patches = Array.from({ length: 500 }, (_, k) =>
      patchParameterCount(network, sampleStructure(rng.child(k), space)),
    );
    const mean = patches.reduce((a, b) => a + b, 0) / patches.length;
    expect(Math.abs((100 * (added + mean)) / whole - overhead)).toBeLessThan(0.5);
    for (const module of [network, ...probes]) disposeModule(module);
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
    const row = numbers(whole).slice(3 * classes, 4 * classes);
    numbers(alone).forEach((value, k) => expect(Math.abs(value - row[k]!)).toBeLessThan(1e-5));
  });

  it.each([0, 1])('has the same weights for seed %i each time, and others for other seeds', async (seed) => {
    const first = values(await make(smallParams, seed));
    expect(values(await make(smallParams, seed))).toEqual(first);
    expect(values(await make(smallParams, seed + 1))).not.toEqual(first);
  });

  it('keeps its running statistics in inference and moves them in training', async () => {
    const network = await make(smallParams);
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

  it('answers by the arrays that it has now: each is changed after an answer', async () => {
    const network = await make(smallParams);
    const x = batch(network, 2);
    const answer = () => numbers(forwardFrom(network, x, 0, inference));
    const first = answer();
    for (const { variable } of allArrays(network).filter((_, k) => k % 7 === 0)) {
      tf.tidy(() => variable.assign(tf.mul(tf.add(variable, 0.1), 1.5)));
      const found = answer();
      dropDerived();
      expect(answer()).toEqual(found);
    }
    expect(answer()).not.toEqual(first);
    disposeModule(network);
  });

  it('leaves no tensor behind, built or run', async () => {
    const x = batch(small, 2);
    const before = tf.memory().numTensors;
    const network = await make(smallParams);
    expect(tf.memory().numTensors).toBe(before + allArrays(network).length);
    tf.tidy(() => void forwardFrom(network, x, 0));
    disposeModule(network);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('tells the squared gradients of every sample and stage, within 0.1 % of those of one sample at a time', async () => {
    shakeNorms(engine, small, new Rng(1, 'shake'));
    const probes = buildProbes(engine, new Rng(1, 'probes'), small);
    const x = batch(small, 3);
    const labels = tf.tensor1d([0, 3, 1], 'int32');
    const found = await fisherInformation(engine, small, probes, x, labels);
    const expected = [0, 1, 2].flatMap((n) =>
      small.stages.map((stage, i) =>
        tf.tidy(() => {
          const { grads } = tf.variableGrads(
            () => {
              let map = tf.slice(x, [n, 0, 0, 0], [1, -1, -1, -1]);
              for (const part of small.stages.slice(0, i + 1)) map = part.forward(map, inference);
              const logits = probes[i]!.classify(probes[i]!.features(map, inference), inference);
              return engine.kernels.meanCrossEntropy(logits, tf.slice(labels, [n], [1]));
            },
            stage.parameters.map(({ variable }) => variable),
          );
          const squares = Object.values(grads).map((gradient) => tf.sum(tf.square(gradient)).dataSync()[0]!);
          return squares.reduce((a, b) => a + b, 0) / parameterCount(stage.parameters);
        }),
      ),
    );
    expect(found.length).toBe(3 * stages.length);
    found.forEach((value, k) => expect(Math.abs(value / expected[k]! - 1)).toBeLessThan(1e-3));
  });

  it('has as many classes as asked for', async () => {
    const { build } = await entry.load();
    const options = { params: { ...defaultsOf(entry), ...smallParams }, classes: 7, normalisation };
    const network = build(engine, new Rng(1, 'classes'), options);
    expect(forwardFrom(network, batch(network, 1), 0).shape).toEqual([1, 7]);
  });
});
