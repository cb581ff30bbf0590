import type { Tensor4D } from '@tensorflow/tfjs';

import type { Rng } from '../core/rng.js';
import type { Engine } from '../engine/engine.js';
import { conv } from '../nn/conv.js';
import { heFanIn } from '../nn/initial.js';
import { inference, joinModules, type Module } from '../nn/parameter.js';
import { forwardCell, prepareSource } from './cell.js';
import type { Norm } from './norm.js';
import { buildConvolution, hasWeights, type EdgeConvolution } from './operations.js';
import { cellSources } from './source.js';
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
  return {
    ...joinModules([...convolutions.values(), ...between]),
    inputChannels: channels,
    outputChannels: width,
    select: (active) => {
      const cells = active.cells.map((cell, i) =>
        cellSources(cell, i)
          .filter((source) => source.edges.length > 0)
          .map((source) => prepareSource(engine, source, convolutions, channels)),
      );
      return (x, norm) =>
        cells.reduce((map, sources, i) => {
          const input = i > 0 ? between[i - 1]!.forward(map, inference) : map;
          return forwardCell(engine, input, active.nodes, sources, norm);
        }, x);
    },
  };
}
