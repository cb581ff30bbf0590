import { describe, expect, it } from 'vitest';

import { formatError } from '../../../src/core/errors.js';
import { Rng } from '../../../src/core/rng.js';
import {
  conv3Structure,
  countParameters,
  formatStructure,
  isValidStructure,
  OPERATIONS,
  parseStructure,
  sampleStructure,
  type PatchStructure,
  type StructureSpace,
} from '../../../src/repair/structure.js';

const bernoulli: StructureSpace = { nodes: 4, cells: 2, opsPerEdge: 'bernoulli' };
const one: StructureSpace = { nodes: 4, cells: 2, opsPerEdge: 'one' };

const small: PatchStructure = {
  nodes: 3,
  cells: [
    [
      { from: 1, to: 2, operations: ['conv1x1', 'sepconv3x3', 'identity'] },
      { from: 1, to: 3, operations: [] },
      { from: 2, to: 3, operations: ['maxpool3x3'] },
    ],
    [
      { from: 1, to: 2, operations: ['conv3x3'] },
      { from: 1, to: 3, operations: ['sepconv1x1'] },
      { from: 2, to: 3, operations: ['avgpool3x3'] },
    ],
  ],
};

function draws(space: StructureSpace, n: number): PatchStructure[] {
  const rng = new Rng(1, 'candidates');
  return Array.from({ length: n }, (_, k) => sampleStructure(rng.child(k), space));
}

describe('sampleStructure', () => {
  it('draws valid structures of the asked size', () => {
    for (const structure of [...draws(bernoulli, 200), ...draws(one, 50)]) {
      expect(isValidStructure(structure)).toBe(true);
      expect(structure.cells.map((cell) => cell.length)).toEqual([6, 6]);
    }
  });

  it('draws the same from the same stream', () => {
    const texts = draws(bernoulli, 5).map(formatStructure);
    expect(draws(bernoulli, 5).map(formatStructure)).toEqual(texts);
    expect(new Set(texts).size).toBe(5);
  });

  it('has the pinned draw', () => {
    expect(formatStructure(sampleStructure(new Rng(0, 'candidate'), bernoulli))).toBe(
      'cell 1: 1>2 sepconv3x3; 1>3 sepconv3x3; 3>4 conv1x1\n' +
        'cell 2: 1>2 identity; 2>3 maxpool3x3; 1>4 sepconv3x3; 2>4 avgpool3x3; 3>4 avgpool3x3 + identity',
    );
    expect(formatStructure(sampleStructure(new Rng(0, 'candidate'), one))).toBe(
      'cell 1: 1>2 sepconv3x3; 1>3 maxpool3x3; 2>3 sepconv1x1; 1>4 sepconv3x3; 2>4 sepconv3x3; 3>4 identity\n' +
        'cell 2: 1>2 sepconv1x1; 1>3 avgpool3x3; 2>3 maxpool3x3; 1>4 sepconv1x1; 2>4 maxpool3x3; 3>4 avgpool3x3',
    );
  });

  it('puts each operation on an edge with the chance that is left when dead nodes are drawn again', () => {
    // A node with k incoming operations is drawn again with chance (6/7)^k: each is on with 1/7 / (1 - (6/7)^k).
    const structures = draws(bernoulli, 2000);
    for (const to of [2, 3, 4]) {
      const edges = structures.flatMap(({ cells }) => cells.flat()).filter((edge) => edge.to === to);
      const expected = 1 / 7 / (1 - (6 / 7) ** (7 * (to - 1)));
      const slack = 4.5 * Math.sqrt((expected * (1 - expected)) / edges.length);
      for (const name of OPERATIONS) {
        const share = edges.filter((edge) => edge.operations.includes(name)).length / edges.length;
        expect(Math.abs(share - expected)).toBeLessThan(slack);
      }
    }
  });

  it('puts exactly one operation on each edge where asked to, each as often', () => {
    const edges = draws(one, 500).flatMap(({ cells }) => cells.flat()); // 6000
    expect(edges.every((edge) => edge.operations.length === 1)).toBe(true);
    const slack = 4.5 * Math.sqrt((6000 / 7) * (6 / 7));
    for (const name of OPERATIONS) {
      const count = edges.filter((edge) => edge.operations[0] === name).length;
      expect(Math.abs(count - 6000 / 7)).toBeLessThan(slack);
    }
  });

  it('has every operation on with keep 1', () => {
    const structure = sampleStructure(new Rng(1, 'all'), { ...bernoulli, keep: 1 });
    expect(structure.cells.flat().every((edge) => edge.operations.length === 7)).toBe(true);
  });

  it('refuses spaces that hold nothing', () => {
    const rng = new Rng(1, 'none');
    expect(() => sampleStructure(rng, { ...bernoulli, nodes: 1 })).toThrow(
      'structure: nodes must be at least 2 but got 1',
    );
    expect(() => sampleStructure(rng, { ...bernoulli, cells: 0 })).toThrow(
      'structure: cells must be at least 1 but got 0',
    );
    expect(() => sampleStructure(rng, { ...bernoulli, keep: 0 })).toThrow(
      'structure: keep must be in (0, 1] but got 0',
    );
  });
});

describe('countParameters', () => {
  it('sums the weights of the convolutions', () => {
    // conv1x1 25, sepconv3x3 45 + 25; conv3x3 225, sepconv1x1 5 + 25
    expect(countParameters(small, 5)).toBe(25 + 70 + 225 + 30);
  });

  it('of 3 x 3 convolutions everywhere is 9 c c an edge', () => {
    expect(countParameters(conv3Structure({ nodes: 4, cells: 2 }), 36)).toBe(12 * 9 * 36 * 36);
  });

  it('is on average what an operation costs, times the edges', () => {
    // Expected with one random operation on each of 12 edges: (c c + 9 c c + (c + c c) + (9 c + c c)) / 7.
    const c = 36;
    const structures = draws(one, 3000);
    const mean = structures.reduce((sum, s) => sum + countParameters(s, c), 0) / structures.length;
    expect(Math.abs(mean / ((12 * (12 * c * c + 10 * c)) / 7) - 1)).toBeLessThan(0.03);
  });
});

describe('formatStructure', () => {
  it('is one line a cell', () => {
    expect(formatStructure(small)).toBe(
      'cell 1: 1>2 conv1x1 + sepconv3x3 + identity; 2>3 maxpool3x3\n' +
        'cell 2: 1>2 conv3x3; 1>3 sepconv1x1; 2>3 avgpool3x3',
    );
  });
});

describe('structures as JSON', () => {
  it('come back as they were', () => {
    for (const structure of [small, conv3Structure(bernoulli), ...draws(bernoulli, 20)])
      expect(parseStructure(JSON.stringify(structure), 'structure.json')).toEqual(structure);
  });

  const [first, second, third] = small.cells[0]!;
  const withCell = (...cell: unknown[]): unknown => ({ nodes: 3, cells: [cell] });
  it.each([
    ['no object', [small]],
    ['nothing', null],
    ['no nodes', { cells: small.cells }],
    ['one node', { nodes: 1, cells: [[]] }],
    ['nodes as text', { ...small, nodes: '3' }],
    ['no cells', { nodes: 3, cells: [] }],
    ['an unknown field', { ...small, width: 3 }],
    ['a cell for other nodes', { ...small, nodes: 4 }],
    ['a missing edge', withCell(first, third)],
    ['edges in another order', withCell(second, first, third)],
    ['an edge with an unknown field', withCell({ ...first, norm: true }, second, third)],
    ['an unknown operation', withCell({ ...first, operations: ['conv5x5'] }, second, third)],
    ['an operation twice', withCell({ ...first, operations: ['conv1x1', 'conv1x1'] }, second, third)],
    [
      'operations in another order',
      withCell({ ...first, operations: ['conv3x3', 'conv1x1'] }, second, third),
    ],
    ['a node without input', withCell({ ...first, operations: [] }, second, third)],
  ])('are refused: %s', (_, value) => {
    expect(isValidStructure(value)).toBe(false);
    expect(() => parseStructure(JSON.stringify(value), 'structure.json')).toThrow(
      'not the structure of a patch',
    );
  });

  it('say where and what they must be', () => {
    let text = 'accepted';
    try {
      parseStructure('{ nodes: 4', 'patch/structure.json');
    } catch (error) {
      text = formatError(error);
    }
    expect(text).toBe(
      'PN351 not the structure of a patch\n' +
        '  at patch/structure.json\n' +
        '  It must be { nodes, cells }, each cell with all edges { from, to, operations } sorted by to, then from, ' +
        'every node but the first with an input, operations of conv1x1, conv3x3, sepconv1x1, sepconv3x3, ' +
        'maxpool3x3, avgpool3x3, identity in this order.',
    );
  });
});
