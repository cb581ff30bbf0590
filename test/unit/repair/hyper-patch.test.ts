import type { Rank } from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';

import { Rng } from '../../../src/core/rng.js';
import { lossGradients } from '../../../src/engine/loss-gradients.js';
import type { Network } from '../../../src/networks/network.js';
import { labelTensor } from '../../../src/nn/batch.js';
import { buildHyperPatch, keepProbability, needsMuchMemory } from '../../../src/repair/hyper-patch.js';
import { stageInputs } from '../../../src/repair/stage-inputs.js';
import { OPERATIONS, sampleStructure, type PatchStructure } from '../../../src/repair/structure.js';
import { expectClose, numbers } from '../../support/arrays.js';
import { testEngine } from '../../support/engine.js';
import { mostBytes } from '../../support/most-bytes.js';
import { naiveConv, naiveDense } from '../../support/naive.js';
import { naiveBody } from '../../support/naive-patch.js';
import { tinyNetwork } from '../../support/networks.js';
import { randomTensor } from '../../support/tensors.js';

const engine = await testEngine();
const { tf } = engine;
const network = tinyNetwork(engine);
const options = { nodes: 3, cells: 2, classes: 4 };
const make = () => buildHyperPatch(engine, new Rng(1, 'hyper-patch'), network, options);
const inputs = stageInputs(engine, network, randomTensor<Rank.R4>(tf, new Rng(1, 'images'), [5, 8, 8, 3]));
const target = { labels: labelTensor(engine, [0, 1, 2, 3, 1]) };
const random = (seed: number, keep = 1 / 7): PatchStructure =>
  sampleStructure(new Rng(seed, 'structure'), { ...options, opsPerEdge: 'bernoulli', keep });

/** Names of the operations that a structure uses and that have weights. */
const activeNames = ({ cells }: PatchStructure): string[] =>
  cells.flatMap((cell, i) =>
    cell.flatMap(({ from, to, operations }) =>
      operations.filter((op) => op.includes('conv')).map((op) => `cell${i + 1}.${from}-${to}.${op}`),
    ),
  );

describe('a hyper-patch', () => {
  it('owns the weights of all operations, of the ends of each stage and of the classifiers', () => {
    const names = make().parameters.map(({ name }) => name);
    const pairs = ['1-2', '1-3', '2-3'];
    const expected = ['cell1', 'cell2'].flatMap((cell) =>
      pairs.flatMap((pair) =>
        OPERATIONS.filter((op) => op.includes('conv')).flatMap((op) =>
          op.startsWith('sep')
            ? [`${cell}.${pair}.${op}.depthwise.weight`, `${cell}.${pair}.${op}.pointwise.weight`]
            : [`${cell}.${pair}.${op}.weight`],
        ),
      ),
    );
    const ends = [1, 2, 3].flatMap((i) => [`in${i}.weight`, `classifier${i}.weight`, `classifier${i}.bias`]);
    expect([...names].sort()).toEqual([...expected, 'between1.weight', ...ends].sort());
  });

  it.each([1, 2])('whose maps are made twice has the same loss and gradients, for sub-patch %i', (seed) => {
    const active = random(seed, 4 / 7);
    const [plain, saving] = [false, true].map((savesMemory) => {
      const hyperPatch = buildHyperPatch(engine, new Rng(1, 'hyper-patch'), network, {
        ...options,
        savesMemory,
      });
      const { value, grads } = lossGradients(
        tf,
        // As in the search, what a step looks at is made inside its loss and goes with it.
        () =>
          hyperPatch.loss(
            inputs.map((map) => tf.add(map, 0)),
            active,
            { labels: labelTensor(engine, [0, 1, 2, 3, 1]) },
          ),
        hyperPatch.parameters.map((p) => p.variable),
      );
      const found = hyperPatch.parameters.map(({ name, variable }) => {
        const gradient = grads[variable.name];
        return [name, gradient ? numbers(gradient) : new Array<number>(variable.size).fill(0)] as const;
      });
      return { loss: numbers(value)[0], gradients: new Map(found) };
    });
    expect(saving!.loss).toBe(plain!.loss);
    for (const [name, gradient] of plain!.gradients) {
      const size = Math.max(1e-3, ...gradient.map(Math.abs));
      expectClose(saving!.gradients.get(name)!, gradient, 1e-5 * size);
    }
  });

  it('whose maps are made twice keeps those of one cell at a time', () => {
    const largest = (savesMemory: boolean): number => {
      const hyperPatch = buildHyperPatch(engine, new Rng(1, 'hyper-patch'), network, {
        ...options,
        savesMemory,
      });
      const bytes = mostBytes(tf, () => {
        const { value, grads } = lossGradients(
          tf,
          () => hyperPatch.loss(inputs, random(1, 1), target),
          hyperPatch.parameters.map((p) => p.variable),
        );
        tf.dispose([value, ...Object.values(grads)]);
      });
      hyperPatch.dispose();
      return bytes;
    };
    expect(largest(true)).toBeLessThan(largest(false) / 2);
  });

  it('saves memory where the outputs of all operations take more than two gigabytes', () => {
    const shape = (height: number) => ({ inputShape: [height, height, 3] as const });
    const wide = { ...network, patchChannels: 36, stages: [32, 32, 16].map(shape) } as unknown as Network;
    // 2304 pixels, two cells of six edges, seven operations each
    const most = Math.floor(2e9 / (2304 * 36 * 84 * 4));
    const choices = [most, most + 1].map((batch) => needsMuchMemory(wide, { nodes: 4, cells: 2 }, batch));
    expect(choices).toEqual([false, true]);
  });

  it.each([1, 2, 3, 4])('has gradients for the operations of sub-patch %i and for no others', (seed) => {
    const hyperPatch = make();
    const active = random(seed);
    const variables = hyperPatch.parameters.map((p) => p.variable);
    const { value, grads } = tf.variableGrads(() => hyperPatch.loss(inputs, active, target), variables);
    expect(Number.isFinite(numbers(value)[0])).toBe(true);
    const used = activeNames(active);
    const withGradient = hyperPatch.parameters
      .filter((p) => grads[p.variable.name] !== undefined)
      .map(({ name }) => name);
    const expected = hyperPatch.parameters
      .map(({ name }) => name)
      .filter((name) => !name.startsWith('cell') || used.some((op) => name.startsWith(`${op}.`)));
    expect([...withGradient].sort()).toEqual([...expected].sort());
    hyperPatch.dispose();
  });

  it('sums the logits of all stages', () => {
    const hyperPatch = make();
    const active = random(1);
    const whole = numbers(hyperPatch.logits(inputs, active, target));
    expect(whole.length).toBe(20);
    // Without a stage's classifier, its logits are missing from the sum.
    const parts = [1, 2, 3].map((kept) => {
      const other = make();
      for (const { name, variable } of other.parameters)
        if (name.startsWith('classifier') && !name.startsWith(`classifier${kept}`))
          variable.assign(tf.zerosLike(variable));
      return numbers(other.logits(inputs, active, target));
    });
    expectClose(
      whole,
      whole.map((_, k) => parts[0]![k]! + parts[1]![k]! + parts[2]![k]!),
      1e-5,
    );
  });

  it('reads features at the given pixels of the image, also from smaller maps', () => {
    const hyperPatch = make();
    const active = random(2);
    // Two pixels an image; row r of the result belongs to image floor(r / 2).
    const positions = Int32Array.from({ length: 10 }, (_, k) => (k * 13) % 64);
    const labels = labelTensor(engine, new Array<number>(10).fill(0));
    const sampled = numbers(hyperPatch.logits(inputs, active, { labels, positions }));
    expect(sampled.length).toBe(40);
    // All pixels of every image, in order: the rows above must be found among them.
    const every = Int32Array.from({ length: 5 * 64 }, (_, k) => k % 64);
    const all = numbers(
      hyperPatch.logits(inputs, active, {
        labels: labelTensor(engine, new Array<number>(320).fill(0)),
        positions: every,
      }),
    );
    const expected = [...positions].flatMap((position, k) => {
      const row = Math.floor(k / 2) * 64 + position;
      return all.slice(row * 4, row * 4 + 4);
    });
    expect(sampled).toEqual(expected);
    expect(new Set(expected.map((v) => v.toFixed(6))).size).toBeGreaterThan(30);
  });

  it('reads smaller maps bilinearly with corners on corners, as plain loops do within 1e-4', () => {
    const structure: PatchStructure = {
      nodes: 2,
      cells: [[{ from: 1, to: 2, operations: ['conv3x3', 'identity'] }]],
    };
    const hyperPatch = buildHyperPatch(engine, new Rng(1, 'hyper-patch'), network, {
      nodes: 2,
      cells: 1,
      classes: 4,
    });
    for (const { name, variable } of hyperPatch.parameters)
      if (/^classifier[12]/.test(name)) variable.assign(tf.zerosLike(variable)); // stage 3 alone: maps of 4 x 4
    const maps = inputs.map((map) => tf.slice(map, [0, 0, 0, 0], [1, -1, -1, -1]));
    const positions = Int32Array.from({ length: 64 }, (_, k) => k);
    const labels = labelTensor(engine, new Array<number>(64).fill(0));
    const found = numbers(hyperPatch.logits(maps, structure, { labels, positions }));

    const weights = new Map(hyperPatch.parameters.map((p) => [p.name, numbers(p.variable)]));
    const image = { height: 4, width: 4, channels: 5, data: numbers(maps[2]!) };
    const seen = naiveConv(image, weights.get('in3.weight')!, 4, { size: 1, stride: 1, pad: 0 });
    const { data } = naiveBody(seen, structure, weights);
    const at = (y: number, x: number, c: number): number => data[(y * 4 + x) * 4 + c]!;
    const expected = [...positions].flatMap((position) => {
      const [y, x] = [(Math.floor(position / 8) * 3) / 7, ((position % 8) * 3) / 7];
      const [top, left] = [Math.min(2, Math.floor(y)), Math.min(2, Math.floor(x))];
      const features = [0, 1, 2, 3].map((c) => {
        const across = (row: number): number =>
          at(row, left, c) * (left + 1 - x) + at(row, left + 1, c) * (x - left);
        return across(top) * (top + 1 - y) + across(top + 1) * (y - top);
      });
      return naiveDense(features, weights.get('classifier3.weight')!, weights.get('classifier3.bias')!);
    });
    expectClose(found, expected, 1e-4);
  });

  it('is built the same from the same stream, and goes without a trace', () => {
    const before = tf.memory().numTensors;
    const [one, other] = [make(), make()];
    const values = (patch: typeof one) => patch.parameters.map((p) => numbers(p.variable));
    expect(values(one)).toEqual(values(other));
    tf.tidy(() => void one.loss(inputs, random(1), target));
    one.dispose();
    other.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('keepProbability', () => {
  it('falls linearly from 1 in the first step to 1/7 in the last', () => {
    expect(keepProbability(0, 101)).toBe(1);
    expect(keepProbability(50, 101)).toBeCloseTo((1 + 1 / 7) / 2, 15);
    expect(keepProbability(100, 101)).toBeCloseTo(1 / 7, 15);
    expect(keepProbability(1, 2)).toBeCloseTo(1 / 7, 15);
  });

  it('is 1/7 where there is one step only', () => {
    expect(keepProbability(0, 1)).toBeCloseTo(1 / 7, 15);
  });
});
