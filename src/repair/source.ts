import { hasWeights } from './operations.js';
import type { CellStructure, Edge, OperationName } from './structure.js';

/** What leaves one node of a cell: outputs of operations, each computed once, and the edges that sum them. */
export interface Source {
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
 * others are done for each edge. Outputs are sorted by what computes them: nothing or a pool, a 1x1 convolution, a 3x3.
 */
export function cellSources(cell: CellStructure, index: number): Source[] {
  const froms = [...new Set(cell.map((edge) => edge.from))].sort((a, b) => a - b);
  return froms.map((from) => {
    const leaving = cell.filter((edge) => edge.from === from && edge.operations.length > 0);
    const all = new Map(
      leaving.flatMap((edge) =>
        edge.operations.map((operation) => [outputName(index, edge, operation), operation] as const),
      ),
    );
    const outputs = [...all]
      .map(([name, operation]) => ({ name, operation }))
      .sort((a, b) => filterSize(a.operation) - filterSize(b.operation));
    const places = new Map(outputs.map(({ name }, place) => [name, place]));
    const edges = leaving.map((edge) => ({
      name: edgeName(index, edge),
      to: edge.to,
      outputs: edge.operations.map((operation) => places.get(outputName(index, edge, operation))!),
    }));
    return { from, outputs, edges };
  });
}

/** 0 for an operation without weights. */
export function filterSize(operation: OperationName): 0 | 1 | 3 {
  return hasWeights(operation) ? (operation.endsWith('3x3') ? 3 : 1) : 0;
}

function edgeName(cell: number, { from, to }: Edge): string {
  return `cell${cell + 1}.${from}-${to}`;
}

function outputName(cell: number, edge: Edge, operation: OperationName): string {
  return hasWeights(operation)
    ? `${edgeName(cell, edge)}.${operation}`
    : `cell${cell + 1}.${edge.from}.${operation}`;
}
