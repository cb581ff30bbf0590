import type { Tensor4D } from '@tensorflow/tfjs';

import type { Rng } from '../core/rng.js';
import type { Engine } from '../engine/engine.js';
import { madeTwice } from '../engine/made-twice.js';
import { conv } from '../nn/conv.js';
import { derived } from '../nn/derived.js';
import { heFanIn } from '../nn/initial.js';
import { inference, joinModules, type Module } from '../nn/parameter.js';
import { forwardCell, prepareSource, type PreparedSource } from './cell.js';
import type { Norm } from './norm.js';
import { buildConvolution, hasWeights, type EdgeConvolution } from './operations.js';
import { cellSources, type Source } from './source.js';
import type { PatchStructure } from './structure.js';

/**
 * The body of a patch, shared by all stages: cells in a row at one size and width, and a 1x1 convolution from the
 * (M - 1) c channels of a cell back to c in front of the next. A body owns the operations of one structure and can run
 * every structure inside it, which for a hyper-patch is one sampled sub-patch.
 */
export interface Body extends Module {
  readonly inputChannels: number;
  readonly outputChannels: number;
  /** That sub-patch, its filters put together once for any number of maps. */
  select(active: PatchStructure): BodyPass;
  /** The same for weights that change between calls: the filters are kept until they do. */
  selectKept(active: PatchStructure): BodyPass;
  /** The same for training in less memory: of all cells of all passes one at a time has its maps there. */
  selectMadeTwice(active: PatchStructure): BodyPass;
}

/** [n, h, w, c] -> [n, h, w, (M - 1) c] */
export type BodyPass = (x: Tensor4D, norm: Norm) => Tensor4D;

/** Names of the places where a body of that structure norms; the keys of its running statistics. */
export function normSites(structure: PatchStructure): string[] {
  return structure.cells.flatMap((cell, i) =>
    cellSources(cell, i).flatMap(({ outputs, edges }) => [
      ...outputs.map(({ name }) => name),
      ...edges.map(({ name }) => name),
    ]),
  );
}

export function buildBody(engine: Engine, rng: Rng, available: PatchStructure, channels: number): Body {
  const convolutions = new Map<string, EdgeConvolution>();
  for (const [i, cell] of available.cells.entries()) {
    for (const { outputs } of cellSources(cell, i)) {
      for (const { name, operation } of outputs) {
        if (hasWeights(operation))
          convolutions.set(name, buildConvolution(engine, rng, name, operation, channels));
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
  const usedSources = ({ cells }: PatchStructure): Source[][] =>
    cells.map((cell, i) => cellSources(cell, i).filter((source) => source.edges.length > 0));
  const prepared = (sources: readonly Source[]): PreparedSource[] =>
    sources.map((source) => prepareSource(engine, source, convolutions, channels));
  /** @param cell the output of the cell of that index */
  const inRow = (
    x: Tensor4D,
    count: number,
    cell: (input: Tensor4D, index: number) => Tensor4D,
  ): Tensor4D => {
    let map = x;
    for (let i = 0; i < count; i++) map = cell(i > 0 ? between[i - 1]!.forward(map, inference) : map, i);
    return map;
  };
  const through = (active: PatchStructure, cells: () => readonly PreparedSource[][]): BodyPass => {
    return (x, norm) => {
      const ready = cells();
      return inRow(x, ready.length, (input, i) => forwardCell(engine, input, active.nodes, ready[i]!, norm));
    };
  };
  return {
    ...joinModules([...convolutions.values(), ...between]),
    inputChannels: channels,
    outputChannels: width,
    select: (active) => {
      const cells = usedSources(active).map(prepared);
      return through(active, () => cells);
    },
    selectKept: (active) => {
      const sources = usedSources(active);
      const cells = derived(engine, () => sources.map(prepared));
      const from = [...convolutions.values()].flatMap(({ parameters }) => parameters.map((p) => p.variable));
      return through(active, () => cells(from));
    },
    selectMadeTwice: (active) => {
      const cells = usedSources(active).map((sources) => ({
        sources,
        variables: sources
          .flatMap(({ outputs }) => outputs.flatMap(({ name }) => convolutions.get(name)?.parameters ?? []))
          .map(({ variable }) => variable),
      }));
      return (x, norm) =>
        inRow(x, cells.length, (input, i) => {
          const { sources, variables } = cells[i]!;
          return madeTwice(engine.tf, input, variables, (map) =>
            forwardCell(engine, map, active.nodes, prepared(sources), norm),
          );
        });
    },
  };
}
