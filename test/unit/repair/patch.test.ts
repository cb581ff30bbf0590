import type { Rank, Tensor4D } from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';

import { Rng } from '../../../src/core/rng.js';
import { forwardAll, type MapShape } from '../../../src/networks/network.js';
import { dropDerived } from '../../../src/nn/derived.js';
import { allArrays, disposeModule } from '../../../src/nn/parameter.js';
import {
  alignment,
  buildPatch,
  patchedLogits,
  patchParameterCount,
  type Patch,
} from '../../../src/repair/patch.js';
import { sampleStructure } from '../../../src/repair/structure.js';
import { expectClose, numbers } from '../../support/arrays.js';
import { testEngine } from '../../support/engine.js';
import { smallAllConvNet, tinyNetwork, wakePatch } from '../../support/networks.js';
import { randomTensor } from '../../support/tensors.js';

const engine = await testEngine();
const { tf } = engine;
const network = smallAllConvNet(engine);
const structure = (seed: number, nodes = 4, cells = 2) =>
  sampleStructure(new Rng(seed, 'structure'), { nodes, cells, opsPerEdge: 'bernoulli', keep: 0.3 });
const x = randomTensor<Rank.R4>(tf, new Rng(1, 'x'), [4, 32, 32, 3]);
const { maps, logits } = forwardAll(network, x);
const inputs = [x, ...maps];

describe('a patch that is not trained', () => {
  it.each([0, 1, 2])('leaves the answers of the network as they are, bit for bit, on stage %i', (stage) => {
    for (const seed of [1, 2, 3]) {
      const patch = buildPatch(engine, new Rng(seed, 'patch'), network, structure(seed));
      for (const isTraining of [false, true]) {
        const patched = patchedLogits(
          engine,
          network,
          patch,
          stage,
          inputs[stage]!,
          maps[stage]!,
          isTraining,
        );
        expect(numbers(patched)).toEqual(numbers(logits));
      }
    }
  });
});

describe('a patch', () => {
  it.each([1, 2, 3, 4])(
    'of random structure %i has as many parameters as are counted without building it',
    (seed) => {
      for (const [nodes, cells] of [
        [2, 1],
        [4, 2],
        [5, 3],
      ] as const) {
        const drawn = structure(seed, nodes, cells);
        const patch = buildPatch(engine, new Rng(1, 'patch'), network, drawn);
        expect(patch.parameterCount).toBe(patchParameterCount(network, drawn));
        expect(patch.parameterCount).toBe(patch.parameters.reduce((sum, p) => sum + p.variable.size, 0));
        expect(patch.bufferCount).toBe(patch.buffers.reduce((sum, p) => sum + p.variable.size, 0));
      }
    },
  );

  it('has the parameters of its description, counted by hand', () => {
    // c = 4; AllConvNet's stages 3 -> 5, 5 -> 10, 10 -> 10; one 3x3 convolution and an identity in a single cell.
    const patch = buildPatch(engine, new Rng(1, 'patch'), network, {
      nodes: 3,
      cells: [
        [
          { from: 1, to: 2, operations: ['conv3x3'] },
          { from: 1, to: 3, operations: [] },
          { from: 2, to: 3, operations: ['identity'] },
        ],
      ],
    });
    expect(patch.parameterCount).toBe(9 * 16 + (3 + 5 + 10) * 4 + 8 * (5 + 10 + 10));
  });

  it.each([0, 1, 2])('corrects stage %i by a map of its output shape', (stage) => {
    const patch = wakePatch(engine, buildPatch(engine, new Rng(1, 'patch'), network, structure(1)));
    for (const isTraining of [false, true]) {
      const correction = patch.correction(stage, inputs[stage]!, isTraining);
      expect(correction.shape).toEqual(maps[stage]!.shape);
      expect(numbers(correction).every(Number.isFinite)).toBe(true);
      expect(numbers(correction).some((v) => v !== 0)).toBe(true);
    }
  });

  it('adds its correction to the output of the stage, and the rest of the network follows', () => {
    const patch = wakePatch(engine, buildPatch(engine, new Rng(1, 'patch'), network, structure(1)));
    const repaired = tf.add<Tensor4D>(maps[2]!, patch.correction(2, maps[1]!, false));
    const expected = network.head.forward(repaired, { training: false });
    const found = patchedLogits(engine, network, patch, 2, maps[1]!, maps[2]!);
    expect(numbers(found)).toEqual(numbers(expected));
    expect(numbers(found)).not.toEqual(numbers(logits));
  });

  it('answers for an image whatever else is in its batch, within 1e-5', () => {
    const patch = wakePatch(engine, buildPatch(engine, new Rng(1, 'patch'), network, structure(1)));
    for (let step = 0; step < 3; step++) patch.correction(1, maps[0]!, true); // statistics of some batches
    const whole = patchedLogits(engine, network, patch, 1, maps[0]!, maps[1]!);
    for (let n = 0; n < 4; n++) {
      const [input, output] = [maps[0]!, maps[1]!].map((map) => tf.slice(map, [n, 0, 0, 0], [1, -1, -1, -1]));
      const alone = numbers(patchedLogits(engine, network, patch, 1, input!, output!));
      expectClose(alone, numbers(whole).slice(n * 10, (n + 1) * 10), 1e-5);
    }
  });

  it('keeps the running statistics of a stage apart from the others, and only in training', () => {
    const patch = wakePatch(engine, buildPatch(engine, new Rng(1, 'patch'), network, structure(1)));
    const values = () => new Map(patch.buffers.map(({ name, variable }) => [name, numbers(variable)]));
    const before = values();
    patch.correction(1, maps[0]!, false);
    expect(values()).toEqual(before);
    patch.correction(1, maps[0]!, true);
    const changed = [...values()].filter(([name, now]) => now.join() !== before.get(name)!.join());
    expect(changed.length).toBe(patch.buffers.length / 3);
    expect(changed.every(([name]) => name.startsWith('stage2.'))).toBe(true);
  });

  it('is the same for the same stream, and names every array once', () => {
    const make = (seed: number) => buildPatch(engine, new Rng(seed, 'patch'), network, structure(1));
    const values = (patch: Patch) => allArrays(patch).map((a) => [a.name, numbers(a.variable)]);
    const first = values(make(1));
    expect(values(make(1))).toEqual(first);
    expect(values(make(2))).not.toEqual(first);
    expect(new Set(first.map(([name]) => name)).size).toBe(first.length);
  });

  it('leaves nothing behind but what its weights come to, and that only as long as it is there', () => {
    const before = tf.memory().numTensors;
    const patch = buildPatch(engine, new Rng(1, 'patch'), network, structure(1));
    const counts = [true, false, true, false].map((isTraining) => {
      tf.tidy(() => void patchedLogits(engine, network, patch, 1, maps[0]!, maps[1]!, isTraining));
      return tf.memory().numTensors;
    });
    expect(counts[1]).toBeGreaterThan(before + allArrays(patch).length);
    expect(counts.slice(2)).toEqual([counts[1], counts[1]]);
    disposeModule(patch);
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each([0, 1, 2])('answers by the weights and statistics that it has now, on stage %i', (stage) => {
    const patch = wakePatch(engine, buildPatch(engine, new Rng(1, 'patch'), network, structure(1)));
    const answer = () => numbers(patch.correction(stage, inputs[stage]!, false));
    const first = answer();
    for (const { variable } of allArrays(patch).filter((_, k) => k % 7 === 0)) {
      tf.tidy(() => variable.assign(tf.add(variable, 0.1)));
      const found = answer();
      dropDerived();
      expect(answer()).toEqual(found);
    }
    expect(answer()).not.toEqual(first);
    disposeModule(patch);
  });
});

describe('alignment', () => {
  it.each([
    [32, 32, 1, [0, 0]],
    [32, 16, 2, [0, 0]],
    [16, 10, 2, [1, 1]],
    [8, 8, 1, [0, 0]],
    [32, 8, 4, [0, 0]],
    [15, 8, 2, [0, 0]],
    [16, 11, 2, [1, 2]],
  ])('from %i to %i is a stride of %i and a padding of %j', (from, to, stride, pad) => {
    const shape = (size: number): MapShape => [size, size, 7];
    expect(alignment(shape(from), shape(to))).toEqual({ stride, pad: [pad, pad] });
  });

  it('holds for maps that are not square', () => {
    expect(alignment([16, 12, 3], [8, 10, 3])).toEqual({
      stride: 2,
      pad: [
        [0, 0],
        [2, 2],
      ],
    });
  });
});

it('fits a network with other stages', () => {
  const tiny = tinyNetwork(engine);
  const patch = wakePatch(engine, buildPatch(engine, new Rng(1, 'patch'), tiny, structure(2, 3, 1)));
  const images = randomTensor<Rank.R4>(tf, new Rng(1, 'images'), [2, 8, 8, 3]);
  const seen = forwardAll(tiny, images);
  [images, ...seen.maps].slice(0, 3).forEach((input, stage) => {
    const answer = patchedLogits(engine, tiny, patch, stage, input, seen.maps[stage]!);
    expect(answer.shape).toEqual([2, 4]);
    expect(numbers(answer)).not.toEqual(numbers(seen.logits));
  });
});
