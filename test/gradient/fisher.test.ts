import type { Rank } from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';

import { Rng } from '../../src/core/rng.js';
import { networks } from '../../src/networks/index.js';
import { labelTensor } from '../../src/nn/batch.js';
import { disposeModule, inference, parameterCount, type Module } from '../../src/nn/parameter.js';
import { fisherInformation } from '../../src/repair/fisher.js';
import { buildProbes } from '../../src/repair/probe.js';
import { numbers } from '../support/arrays.js';
import { testEngine } from '../support/engine.js';
import {
  naiveConv,
  naiveDense,
  naiveLogLikelihood,
  naiveNorm,
  naivePool,
  naiveQuickGelu,
  naiveRelu,
  type NaiveMap,
} from '../support/naive.js';
import { normalisation, shakeNorms, tinyNetwork } from '../support/networks.js';
import { randomTensor } from '../support/tensors.js';

const engine = await testEngine();
const { tf } = engine;
const network = tinyNetwork(engine);
const probes = buildProbes(engine, new Rng(1, 'probes'), network);
probes.forEach((probe, i) => shakeNorms(engine, probe, new Rng(1, `probe-norms/${i}`)));
const samples = 3;
const x = randomTensor<Rank.R4>(tf, new Rng(1, 'x'), [samples, 8, 8, 3]);
const labels = [2, 0, 3];

/** Every array of a module in double precision, to be moved. */
type Values = Record<string, number[]>;
const valuesOf = (module: Module): Values =>
  Object.fromEntries([...module.parameters, ...module.buffers].map((a) => [a.name, numbers(a.variable)]));

/** A stage of the tiny network: convolution, norm, x * sigmoid(1.702 x). */
function stageForward(map: NaiveMap, index: number, values: Values): NaiveMap {
  const name = ['one', 'two', 'three'][index]!;
  const { inputShape, outputShape } = network.stages[index]!;
  const stride = inputShape[0] / outputShape[0];
  const bias = values[`${name}.bias`]!;
  const convolved = naiveConv(map, values[`${name}.weight`]!, outputShape[2], {
    size: 3,
    stride,
    pad: 1,
    bias,
  });
  return naiveQuickGelu(normed(convolved, `${name}.norm`, values));
}

function normed(map: NaiveMap, name: string, values: Values): NaiveMap {
  const of = (suffix: string) => values[`${name}.${suffix}`]!;
  return naiveNorm(map, of('weight'), of('bias'), of('running_mean'), of('running_var'));
}

/** log p(label | x) of Eq. 2 through the probe behind a stage. */
function logLikelihood(map: NaiveMap, index: number, stage: Values, probe: Values, label: number): number {
  const name = `probe${index + 1}`;
  const seen = naiveConv(stageForward(map, index, stage), probe[`${name}.conv.weight`]!, 4, {
    size: 3,
    stride: 1,
    pad: 1,
  });
  const features = naivePool(naiveRelu(normed(seen, `${name}.norm`, probe)));
  const logits = naiveDense(features, probe[`${name}.classifier.weight`]!, probe[`${name}.classifier.bias`]!);
  return naiveLogLikelihood(logits, label);
}

/** Eq. 7 by central differences: every parameter of the stage is moved by 1e-5, in double precision. */
function differences(input: NaiveMap, index: number, label: number): { fisher: number; moved: number } {
  const stage = network.stages[index]!;
  const values = valuesOf(stage);
  const probe = valuesOf(probes[index]!);
  const step = 1e-5;
  let sum = 0;
  let moved = 0;
  for (const { name } of stage.parameters) {
    const array = values[name]!;
    for (let k = 0; k < array.length; k++) {
      const held = array[k]!;
      const at = (value: number): number => {
        array[k] = value;
        return logLikelihood(input, index, values, probe, label);
      };
      const slope = (at(held + step) - at(held - step)) / (2 * step);
      array[k] = held;
      sum += slope * slope;
      moved++;
    }
  }
  return { fisher: sum / moved, moved };
}

/** What reaches each stage for a sample. */
function inputsOf(sample: number): NaiveMap[] {
  const data = numbers(tf.slice(x, [sample, 0, 0, 0], [1, -1, -1, -1]));
  const inputs: NaiveMap[] = [{ height: 8, width: 8, channels: 3, data }];
  network.stages.slice(0, -1).forEach((stage, i) => {
    inputs.push(stageForward(inputs[i]!, i, valuesOf(stage)));
  });
  return inputs;
}

describe('Fisher information', () => {
  it('equals central differences of log p for every parameter of every stage, within 1e-5', async () => {
    const found = await fisherInformation(engine, network, probes, x, labelTensor(engine, labels));
    for (let sample = 0; sample < samples; sample++)
      for (const [index, input] of inputsOf(sample).entries()) {
        const { fisher, moved } = differences(input, index, labels[sample]!);
        expect(moved).toBe(parameterCount(network.stages[index]!.parameters));
        expect(fisher).toBeGreaterThan(1e-6);
        expect(Math.abs(found[sample * 3 + index]! / fisher - 1)).toBeLessThan(1e-5);
      }
  });

  it('is for a batch what it is sample by sample, within 1e-5', async () => {
    const batch = await fisherInformation(engine, network, probes, x, labelTensor(engine, labels));
    for (let n = 0; n < samples; n++) {
      const one = tf.slice(x, [n, 0, 0, 0], [1, -1, -1, -1]);
      const alone = await fisherInformation(engine, network, probes, one, labelTensor(engine, [labels[n]!]));
      alone.forEach((value, i) => expect(Math.abs(value / batch[n * 3 + i]! - 1)).toBeLessThan(1e-5));
    }
  });

  it('is that of the true label', async () => {
    const [right, wrong] = await Promise.all(
      [labels, [1, 1, 1]].map((each) =>
        fisherInformation(engine, network, probes, x, labelTensor(engine, each)),
      ),
    );
    right!.forEach((value, k) => expect(value).not.toBe(wrong![k]));
  });

  it('counts samples and leaves nothing behind: no tensor, no changed weight', async () => {
    const target = labelTensor(engine, labels);
    const weights = network.parameters.map((p) => numbers(p.variable));
    const before = tf.memory().numTensors;
    const seen: number[] = [];
    await fisherInformation(engine, network, probes, x, target, (done) => seen.push(done));
    expect(seen).toEqual([3]);
    expect(tf.memory().numTensors).toBe(before);
    expect(network.parameters.map((p) => numbers(p.variable))).toEqual(weights);
  });
});

describe.each(networks.map((entry) => [entry.name, entry] as const))(
  'Fisher information of %s',
  (_name, entry) => {
    it('is the squared gradient of each parameter, taken sample by sample, within 1e-4', async () => {
      const { build } = await entry.load();
      const defaults = Object.entries(entry.params.properties).map(([key, schema]) => [
        key,
        Reflect.get(schema, 'default') as unknown,
      ]);
      const params = { ...Object.fromEntries(defaults), width: 0.25 } as Record<string, unknown>;
      const subject = build(engine, new Rng(1, entry.name), { params, classes: 3, normalisation });
      shakeNorms(engine, subject, new Rng(1, 'norms'));
      const ends = buildProbes(engine, new Rng(1, 'probes'), subject);
      for (const { parameters } of ends) {
        const weight = parameters.find(({ name }) => name.endsWith('classifier.weight'))!.variable;
        weight.assign(tf.mul(weight, 1e-4)); // untrained maps are large: a softmax must not saturate
      }
      const images = randomTensor<Rank.R4>(tf, new Rng(2, 'x'), [2, ...subject.inputShape]);
      const target = labelTensor(engine, [2, 0]);
      const found = await fisherInformation(engine, subject, ends, images, target);
      for (let n = 0; n < 2; n++) {
        let input = tf.slice(images, [n, 0, 0, 0], [1, -1, -1, -1]);
        for (const [i, stage] of subject.stages.entries()) {
          const { grads } = tf.variableGrads(
            () => {
              const features = ends[i]!.features(stage.forward(input, inference), inference);
              return engine.kernels.meanCrossEntropy(
                ends[i]!.classify(features, inference),
                tf.slice(target, [n], [1]),
              );
            },
            stage.parameters.map((p) => p.variable),
          );
          const squares = Object.values(grads).flatMap((gradient) => numbers(gradient).map((g) => g * g));
          expect(squares.length).toBe(parameterCount(stage.parameters));
          const expected = squares.reduce((a, b) => a + b, 0) / squares.length;
          expect(expected).toBeGreaterThan(0);
          expect(Math.abs(found[n * subject.stages.length + i]! / expected - 1)).toBeLessThan(1e-4);
          input = stage.forward(input, inference);
        }
      }
      disposeModule(subject);
    });
  },
);
