import type { Rank } from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';

import { Rng } from '../../../src/core/rng.js';
import { allArrays, parameterCount } from '../../../src/nn/parameter.js';
import { buildBody, normSites, type Body } from '../../../src/repair/body.js';
import { batchStatistics, runningStatistics, type Norm } from '../../../src/repair/norm.js';
import {
  conv3Structure,
  countParameters,
  OPERATIONS,
  sampleStructure,
  type PatchStructure,
} from '../../../src/repair/structure.js';
import { expectClose, numbers } from '../../support/arrays.js';
import { testEngine } from '../../support/engine.js';
import type { NaiveMap } from '../../support/naive.js';
import { naiveBatchNorm, naiveBody, naiveOperation } from '../../support/naive-patch.js';
import { randomTensor } from '../../support/tensors.js';

const engine = await testEngine();
const [height, width, channels] = [5, 4, 3];
const x = randomTensor<Rank.R4>(engine.tf, new Rng(1, 'x'), [1, height, width, channels]);
const map: NaiveMap = { height, width, channels, data: numbers(x) };
const weightsOf = (body: Body) => new Map(body.parameters.map((p) => [p.name, numbers(p.variable)]));
const build = (structure: PatchStructure) => buildBody(engine, new Rng(1, 'body'), structure, channels);
const random = (seed: number, keep = 1 / 7) =>
  sampleStructure(new Rng(seed, 'structure'), { nodes: 4, cells: 2, opsPerEdge: 'bernoulli', keep });

describe('a cell', () => {
  it('by hand: node 3 adds two normed edges, the output is nodes 2 and 3 side by side', () => {
    const structure: PatchStructure = {
      nodes: 3,
      cells: [
        [
          { from: 1, to: 2, operations: ['conv1x1', 'identity'] },
          { from: 1, to: 3, operations: ['avgpool3x3'] },
          { from: 2, to: 3, operations: ['maxpool3x3'] },
        ],
      ],
    };
    const body = build(structure);
    const weights = weightsOf(body);
    const op = (from: NaiveMap, name: (typeof OPERATIONS)[number]) =>
      naiveBatchNorm(naiveOperation(from, name, 'cell1.1-2.conv1x1', weights));
    const plus = (a: NaiveMap, b: NaiveMap) => ({ ...a, data: a.data.map((v, i) => v + b.data[i]!) });
    const two = naiveBatchNorm(plus(op(map, 'conv1x1'), op(map, 'identity')));
    const three = plus(naiveBatchNorm(op(map, 'avgpool3x3')), naiveBatchNorm(op(two, 'maxpool3x3')));
    const expected = Array.from({ length: height * width }, (_, pixel) => [
      ...two.data.slice(pixel * channels, (pixel + 1) * channels),
      ...three.data.slice(pixel * channels, (pixel + 1) * channels),
    ]).flat();
    const y = body.select(structure)(x, batchStatistics(engine));
    expect(y.shape).toEqual([1, height, width, 2 * channels]);
    expectClose(numbers(y), expected, 1e-4);
  });
});

describe.each([1, 2, 3, 4, 5, 6])('random structure %i', (seed) => {
  const structure = random(seed, seed % 2 === 0 ? 0.5 : 1 / 7);

  it('is Eqs. 10 to 12 in plain loops, within 1e-4', () => {
    const body = build(structure);
    const y = body.select(structure)(x, batchStatistics(engine));
    expect(y.shape).toEqual([1, height, width, body.outputChannels]);
    expectClose(numbers(y), naiveBody(map, structure, weightsOf(body)).data, 1e-4);
  });

  it('has the weights that its structure counts, and 1 x 1 convolutions between cells', () => {
    expect(parameterCount(build(structure).parameters)).toBe(
      countParameters(structure, channels) + 3 * channels * channels,
    );
  });
});

describe.each(OPERATIONS)('only %s on every edge', (operation) => {
  // Edges of one node then share a map where the operation has no weights.
  const structure: PatchStructure = {
    nodes: 4,
    cells: conv3Structure({ nodes: 4, cells: 2 }).cells.map((cell) =>
      cell.map((edge) => ({ ...edge, operations: [operation] })),
    ),
  };

  it('is Eqs. 10 to 12 in plain loops, within 1e-4', () => {
    const body = build(structure);
    const y = body.select(structure)(x, batchStatistics(engine));
    expectClose(numbers(y), naiveBody(map, structure, weightsOf(body)).data, 1e-4);
  });
});

describe('a body of all operations', () => {
  const everything: PatchStructure = {
    nodes: 4,
    cells: conv3Structure({ nodes: 4, cells: 2 }).cells.map((cell) =>
      cell.map((edge) => ({ ...edge, operations: OPERATIONS })),
    ),
  };

  it.each([1, 2, 3])('runs sub-patch %i with its own weights for it', (seed) => {
    const active = random(seed);
    const body = build(everything);
    const y = body.select(active)(x, batchStatistics(engine));
    expectClose(numbers(y), naiveBody(map, active, weightsOf(body)).data, 1e-4);
  });

  it('names every array once', () => {
    const names = allArrays(build(everything)).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toContain('cell2.3-4.sepconv3x3.depthwise.weight');
    expect(names).toContain('between1.weight');
  });
});

describe('normSites', () => {
  it.each([1, 2, 3, 4])('of structure %i are the sites where a pass norms, each once', (seed) => {
    const structure = random(seed, 0.4);
    const seen: string[] = [];
    const statistics = batchStatistics(engine);
    const norm: Norm = {
      apply: (sites, y) => statistics.apply(sites, y),
      edges: (outputs, edges, y, selection) => {
        seen.push(...outputs, ...edges);
        return statistics.edges(outputs, edges, y, selection);
      },
    };
    build(structure).select(structure)(x, norm);
    const sites = normSites(structure);
    expect([...seen].sort()).toEqual([...sites].sort());
    expect(new Set(sites).size).toBe(sites.length);
  });

  it('are enough for running statistics', () => {
    const structure = random(1);
    const statistics = runningStatistics(engine, normSites(structure), 1, channels);
    const y = build(structure).select(structure)(x, statistics.inference(0));
    expect(numbers(y).every(Number.isFinite)).toBe(true);
  });
});

it('a body leaves nothing behind but its outputs', () => {
  const structure = random(2, 0.5);
  const body = build(structure);
  const before = engine.tf.memory().numTensors;
  engine.tf.tidy(() => void body.select(structure)(x, batchStatistics(engine)));
  expect(engine.tf.memory().numTensors).toBe(before);
});
