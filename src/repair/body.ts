import type { Tensor4D } from '@tensorflow/tfjs';

import type { Rng } from '../core/rng.js';
import type { Engine } from '../engine/engine.js';
import { conv } from '../nn/conv.js';
import { heFanIn } from '../nn/initial.js';
import { inference, joinModules, type Layer, type Module } from '../nn/parameter.js';
import type { Norm } from './norm.js';
import { buildOperation, hasWeights } from './operations.js';
import type { CellStructure, Edge, OperationName, PatchStructure } from './structure.js';

/**
 * The body of a patch, shared by all stages: cells in a row at one size and width, and a 1x1 convolution from the
 * (M - 1) c channels of a cell back to c in front of the next. A body owns the operations of `available`; a forward
 * pass uses those of `active`, which for a hyper-patch is one sampled sub-patch.
 */
export interface Body extends Module {
  readonly inputChannels: number;
  readonly outputChannels: number;
  /** [n, h, w, c] -> [n, h, w, (M - 1) c] */
  forward(x: Tensor4D, active: PatchStructure, norm: Norm): Tensor4D;
}

/** Names of the places where a body of that structure norms; the keys of its running statistics. */
export function normSites(structure: PatchStructure): string[] {
  return structure.cells.flatMap((cell, i) =>
    cellSources(cell, i).flatMap(({ outputs, edges }) => [
      ...outputs.map(({ name }) => name),
      ...edges.map(({ name }) => name),
    ]),
  );
}

/** What leaves one node of a cell: outputs of operations, each computed once, and the edges that sum them. */
interface Source {
  readonly from: number;
  readonly outputs: readonly { readonly name: string; readonly operation: OperationName }[];
  readonly edges: readonly {
    readonly name: string;
    readonly to: number;
    readonly outputs: readonly number[];
  }[];
}

/**
 * A cell by source node. Operations without weights give all edges of a node the same map, so they are done once; the
 * others are done for each edge.
 */
function cellSources(cell: CellStructure, index: number): Source[] {
  const froms = [...new Set(cell.map((edge) => edge.from))].sort((a, b) => a - b);
  return froms.map((from) => {
    const outputs: { name: string; operation: OperationName }[] = [];
    const placeOf = (name: string, operation: OperationName): number => {
      const found = outputs.findIndex((output) => output.name === name);
      return found >= 0 ? found : outputs.push({ name, operation }) - 1;
    };
    const edges = cell
      .filter((edge) => edge.from === from && edge.operations.length > 0)
      .map((edge) => ({
        name: edgeName(index, edge),
        to: edge.to,
        outputs: edge.operations.map((operation) => placeOf(outputName(index, edge, operation), operation)),
      }));
    return { from, outputs, edges };
  });
}

export function buildBody(engine: Engine, rng: Rng, available: PatchStructure, channels: number): Body {
  const operations = new Map<string, Layer<Tensor4D>>();
  for (const [i, cell] of available.cells.entries()) {
    for (const { outputs } of cellSources(cell, i)) {
      for (const { name, operation } of outputs) {
        operations.set(name, buildOperation(engine, rng, name, operation, channels));
      }
    }
  }
  const width = (available.nodes - 1) * channels;
  const between = available.cells.slice(1).map((_, i) =>
    conv(engine, rng, {
      name: `between${i + 1}`,
      size: 1,
      input: width,
      output: channels,
      pad: 0,
      bias: false,
      initial: heFanIn,
    }),
  );
  return {
    ...joinModules([...operations.values(), ...between]),
    inputChannels: channels,
    outputChannels: width,
    forward: (x, active, norm) => {
      let map = x;
      for (const [i, cell] of active.cells.entries()) {
        if (i > 0) map = between[i - 1]!.forward(map, inference);
        map = forwardCell(engine, map, i, cell, active.nodes, operations, norm);
      }
      return map;
    },
  };
}

/**
 * Eqs. 10 and 12: a node is the sum of the normed edges into it, an edge the sum of its normed operations. The maps
 * that leave a node are laid side by side and normed in one call, since a norm of few channels costs as much as one
 * of many; a 1x1 convolution with ones then sums those of each edge.
 */
function forwardCell(
  engine: Engine,
  input: Tensor4D,
  index: number,
  cell: CellStructure,
  count: number,
  operations: ReadonlyMap<string, Layer<Tensor4D>>,
  norm: Norm,
): Tensor4D {
  const { tf } = engine;
  const channels = input.shape[3];
  const nodes: Tensor4D[] = [input];
  const incoming = Array.from({ length: count }, (): Tensor4D[] => []);
  const sources = cellSources(cell, index);
  for (let node = 1; node <= count; node++) {
    if (node > 1) nodes.push(sum(engine, incoming[node - 1]!));
    const source = sources.find(({ from }) => from === node);
    if (!source || source.edges.length === 0) continue;
    const { outputs, edges } = source;
    const maps = outputs.map(({ name }) => operations.get(name)!.forward(nodes[node - 1]!, inference));
    const normed = norm.apply(
      outputs.map(({ name }) => name),
      sideBySide(engine, maps),
    );
    const summed =
      outputs.length === 1 && edges.length === 1
        ? normed
        : engine.kernels.conv2d(normed, selection(engine, source, channels), 1, 0);
    const results = norm.apply(
      edges.map(({ name }) => name),
      summed,
    );
    const parts = edges.length === 1 ? [results] : tf.split<Tensor4D>(results, edges.length, 3);
    edges.forEach(({ to }, e) => incoming[to - 1]!.push(parts[e]!));
  }
  return sideBySide(engine, nodes.slice(1));
}

/** The filter [1, 1, outputs x c, edges x c] of ones that adds up the outputs of each edge, channel by channel. */
function selection(engine: Engine, { outputs, edges }: Source, channels: number): Tensor4D {
  const width = edges.length * channels;
  const values = new Float32Array(outputs.length * channels * width);
  for (const [e, edge] of edges.entries()) {
    for (const o of edge.outputs) {
      for (let c = 0; c < channels; c++) values[(o * channels + c) * width + e * channels + c] = 1;
    }
  }
  return engine.tf.tensor4d(values, [1, 1, outputs.length * channels, width]);
}

function sideBySide(engine: Engine, maps: readonly Tensor4D[]): Tensor4D {
  return maps.length === 1 ? maps[0]! : engine.tf.concat([...maps], 3);
}

function sum(engine: Engine, maps: readonly Tensor4D[]): Tensor4D {
  return maps.length === 1 ? maps[0]! : engine.tf.addN([...maps]);
}

function edgeName(cell: number, { from, to }: Edge): string {
  return `cell${cell + 1}.${from}-${to}`;
}

function outputName(cell: number, edge: Edge, operation: OperationName): string {
  return hasWeights(operation)
    ? `${edgeName(cell, edge)}.${operation}`
    : `cell${cell + 1}.${edge.from}.${operation}`;
}
