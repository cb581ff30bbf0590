import { DataError } from '../core/errors.js';
import type { Rng } from '../core/rng.js';

/** What an edge of a cell can do, in the order in which structures list them. */
export const OPERATIONS = [
  'conv1x1',
  'conv3x3',
  'sepconv1x1',
  'sepconv3x3',
  'maxpool3x3',
  'avgpool3x3',
  'identity',
] as const;

export type OperationName = (typeof OPERATIONS)[number];

/** The operations from node `from` to node `to`, whose outputs are summed. An empty list is an absent edge. */
export interface Edge {
  readonly from: number;
  readonly to: number;
  /** Each name at most once, in the order of {@link OPERATIONS}. */
  readonly operations: readonly OperationName[];
}

/** Every pair from < to of a cell's nodes, sorted by `to`, then `from`. */
export type CellStructure = readonly Edge[];

/** The structure of a patch (Eqs. 10, 11) as plain JSON. Node 1 of each cell is its input. */
export interface PatchStructure {
  /** The paper's M: nodes of each cell, its input among them. */
  readonly nodes: number;
  readonly cells: readonly CellStructure[];
}

/** The space that structures are drawn from. */
export interface StructureSpace {
  /** At least 2. */
  readonly nodes: number;
  readonly cells: number;
  /** Each operation on or off by itself, or exactly one of the seven on every edge. */
  readonly opsPerEdge: 'bernoulli' | 'one';
  /** Chance of each operation where `opsPerEdge` is `bernoulli`, in (0, 1]; 1/7 when left out. */
  readonly keep?: number;
}

/**
 * Draws a structure. In a `bernoulli` space a node without any input has all its incoming edges drawn again until it
 * has one, so every node of the result is alive.
 */
export function sampleStructure(rng: Rng, space: StructureSpace): PatchStructure {
  const { nodes, opsPerEdge, keep = 1 / OPERATIONS.length } = space;
  checkSpace(nodes, space.cells, keep);
  const drawEdge = (): OperationName[] =>
    opsPerEdge === 'one'
      ? [OPERATIONS[rng.int(OPERATIONS.length)]!]
      : OPERATIONS.filter(() => rng.bernoulli(keep));
  const drawNode = (to: number): Edge[] => {
    for (;;) {
      const edges = sources(to).map((from) => ({ from, to, operations: drawEdge() }));
      if (edges.some((edge) => edge.operations.length > 0)) return edges;
    }
  };
  return build(nodes, space.cells, drawNode);
}

/** The structure with a 3 x 3 convolution on every edge. */
export function conv3Structure(space: Pick<StructureSpace, 'nodes' | 'cells'>): PatchStructure {
  checkSpace(space.nodes, space.cells, 1);
  return build(space.nodes, space.cells, (to) =>
    sources(to).map((from) => ({ from, to, operations: ['conv3x3'] })),
  );
}

/**
 * Weights of the operations of all cells, each c to c channels without bias; the norms have no parameters. The 1 x 1
 * convolutions before, between and after the cells are not part of the structure and not counted here.
 * @param channels c, the width of the patch
 */
export function countParameters(structure: PatchStructure, channels: number): number {
  const c = channels;
  const weights: Partial<Record<OperationName, number>> = {
    conv1x1: c * c,
    conv3x3: 9 * c * c,
    sepconv1x1: c + c * c,
    sepconv3x3: 9 * c + c * c,
  };
  const operations = structure.cells.flat().flatMap((edge) => edge.operations);
  return operations.reduce((sum, name) => sum + (weights[name] ?? 0), 0);
}

/**
 * One line a cell for people, absent edges left out: `cell 1: 1>2 conv3x3 + identity; 1>3 maxpool3x3; 2>3 conv1x1`.
 */
export function formatStructure(structure: PatchStructure): string {
  return structure.cells
    .map((cell, i) => {
      const edges = cell.filter((edge) => edge.operations.length > 0);
      const texts = edges.map(({ from, to, operations }) => `${from}>${to} ${operations.join(' + ')}`);
      return `cell ${i + 1}: ${texts.join('; ')}`;
    })
    .join('\n');
}

/** Whether a value, of a file for instance, is a structure in the one form that this module writes. */
export function isValidStructure(value: unknown): value is PatchStructure {
  if (!isRecord(value) || !hasOnly(value, ['nodes', 'cells'])) return false;
  const { nodes, cells } = value;
  if (typeof nodes !== 'number' || !Number.isInteger(nodes) || nodes < 2) return false;
  return Array.isArray(cells) && cells.length > 0 && cells.every((cell) => isValidCell(cell, nodes));
}

/**
 * The structure that a JSON text holds; `JSON.stringify` is the way back.
 * @param where the file, for the message
 * @throws {DataError} PN351 when it holds none
 */
export function parseStructure(text: string, where: string): PatchStructure {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw notAStructure(where, cause);
  }
  if (!isValidStructure(value)) throw notAStructure(where);
  return value;
}

function notAStructure(where: string, cause?: unknown): DataError {
  return new DataError('not the structure of a patch', {
    code: 'PN351',
    where,
    fix:
      'It must be { nodes, cells }, each cell with all edges { from, to, operations } sorted by to, then from, ' +
      `every node but the first with an input, operations of ${OPERATIONS.join(', ')} in this order.`,
    cause,
  });
}

function isValidCell(cell: unknown, nodes: number): boolean {
  const pairs = targets(nodes).flatMap((to) => sources(to).map((from) => ({ from, to })));
  if (!Array.isArray(cell) || cell.length !== pairs.length) return false;
  const isInOrder = pairs.every(({ from, to }, i) => isValidEdge(cell[i], from, to));
  return isInOrder && targets(nodes).every((to) => hasInput(cell as CellStructure, to));
}

function isValidEdge(edge: unknown, from: number, to: number): boolean {
  if (!isRecord(edge) || !hasOnly(edge, ['from', 'to', 'operations'])) return false;
  const { operations } = edge;
  if (edge.from !== from || edge.to !== to || !Array.isArray(operations)) return false;
  const inOrder = OPERATIONS.filter((name) => operations.includes(name));
  return inOrder.length === operations.length && inOrder.every((name, i) => name === operations[i]);
}

function hasInput(cell: CellStructure, node: number): boolean {
  return cell.some((edge) => edge.to === node && edge.operations.length > 0);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function hasOnly(value: Record<string, unknown>, keys: readonly string[]): boolean {
  return Object.keys(value).every((key) => keys.includes(key));
}

function build(nodes: number, cells: number, node: (to: number) => Edge[]): PatchStructure {
  return { nodes, cells: Array.from({ length: cells }, () => targets(nodes).flatMap(node)) };
}

/** The nodes with inputs: 2 … nodes. */
function targets(nodes: number): number[] {
  return Array.from({ length: nodes - 1 }, (_, i) => i + 2);
}

/** The nodes that can feed node `to`: 1 … to - 1. */
function sources(to: number): number[] {
  return Array.from({ length: to - 1 }, (_, i) => i + 1);
}

function checkSpace(nodes: number, cells: number, keep: number): void {
  if (!Number.isInteger(nodes) || nodes < 2)
    throw new RangeError(`structure: nodes must be at least 2 but got ${nodes}`);
  if (!Number.isInteger(cells) || cells < 1)
    throw new RangeError(`structure: cells must be at least 1 but got ${cells}`);
  if (!(keep > 0 && keep <= 1)) throw new RangeError(`structure: keep must be in (0, 1] but got ${keep}`);
}
