import type { Tensor, Tensor4D } from '@tensorflow/tfjs';

import type { Rng } from '../core/rng.js';
import type { Engine } from '../engine/engine.js';
import { conv } from '../nn/conv.js';
import { heFanIn } from '../nn/initial.js';
import { inference, joinModules, type Layer, type Module } from '../nn/parameter.js';
import type { Norm } from './norm.js';
import { buildOperation } from './operations.js';
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
    cell
      .filter((edge) => edge.operations.length > 0)
      .flatMap((edge) => [...edge.operations.map((op) => `${edgeName(i, edge)}.${op}`), edgeName(i, edge)]),
  );
}

export function buildBody(engine: Engine, rng: Rng, available: PatchStructure, channels: number): Body {
  const operations = new Map<string, Layer<Tensor4D>>();
  for (const [i, cell] of available.cells.entries()) {
    for (const edge of cell) {
      for (const op of edge.operations) {
        const name = `${edgeName(i, edge)}.${op}`;
        operations.set(name, buildOperation(engine, rng, name, op, channels));
      }
    }
  }
  const width = (available.nodes - 1) * channels;
  const between = available.cells
    .slice(1)
    .map((_, i) =>
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

/** Eqs. 10 and 12: a node is the sum of the normed edges into it, an edge the sum of its normed operations. */
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
  const nodes: Tensor4D[] = [input];
  for (let to = 2; to <= count; to++) {
    const edges = cell.filter((edge) => edge.to === to && edge.operations.length > 0);
    const incoming = edges.map((edge) => {
      const name = edgeName(index, edge);
      const x = nodes[edge.from - 1]!;
      const outputs = edge.operations.map((op: OperationName) =>
        norm.apply(`${name}.${op}`, operations.get(`${name}.${op}`)!.forward(x, inference)),
      );
      return norm.apply(name, sum(engine, outputs));
    });
    nodes.push(sum(engine, incoming));
  }
  return tf.concat(nodes.slice(1) as Tensor[], 3) as Tensor4D;
}

function sum(engine: Engine, maps: readonly Tensor4D[]): Tensor4D {
  return maps.length === 1 ? maps[0]! : engine.tf.addN([...maps]);
}

function edgeName(cell: number, { from, to }: Edge): string {
  return `cell${cell + 1}.${from}-${to}`;
}
