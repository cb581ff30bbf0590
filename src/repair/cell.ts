import type { Rank, Tensor4D } from '@tensorflow/tfjs';

import type { Engine } from '../engine/engine.js';
import type { Norm } from './norm.js';
import { applyFixed, hasWeights, type EdgeConvolution } from './operations.js';
import { filterSize, type Source } from './source.js';

/** A source with what its convolutions share. */
export interface PreparedSource extends Source {
  /** [size, size, c, outputs x c], all convolutions of that size side by side. */
  readonly filters: readonly { readonly size: 1 | 3; readonly filter: Tensor4D }[];
  readonly selection: Tensor4D | undefined;
}

/** FusedBatchNorm is up to twice as fast on a CPU where the channels are a multiple of this. */
const vector = 16;

/**
 * All convolutions of one size that leave a node see the same map: side by side they are one. The last filter is filled
 * up with zeros to a number of channels that TensorFlow is quick with.
 */
export function prepareSource(
  engine: Engine,
  source: Source,
  convolutions: ReadonlyMap<string, EdgeConvolution>,
  channels: number,
): PreparedSource {
  const { tf } = engine;
  const { outputs, edges } = source;
  const bySize = ([1, 3] as const)
    .map((size) => ({ size, members: outputs.filter(({ operation }) => filterSize(operation) === size) }))
    .filter(({ members }) => members.length > 0);
  const needed = outputs.length * channels;
  const width = roundUp(needed);
  const filters = bySize.map(({ size, members }, k) => {
    const parts = members.map(({ name }) => convolutions.get(name)!.filter());
    if (k === bySize.length - 1 && width > needed)
      parts.push(tf.zeros<Rank.R4>([size, size, channels, width - needed]));
    return { size, filter: engine.kernels.concatChannels(parts) };
  });
  const selection =
    outputs.length === 1 && edges.length === 1 ? undefined : selectionOf(engine, source, channels, width);
  return { ...source, filters, selection };
}

/** The filter [1, 1, outputs x c, edges x c] of ones that adds up the outputs of each edge, channel by channel. */
function selectionOf(engine: Engine, { edges }: Source, channels: number, inputs: number): Tensor4D {
  const width = roundUp(edges.length * channels);
  const values = new Float32Array(inputs * width);
  for (const [e, edge] of edges.entries()) {
    for (const o of edge.outputs) {
      for (let c = 0; c < channels; c++) values[(o * channels + c) * width + e * channels + c] = 1;
    }
  }
  return engine.tf.tensor4d(values, [1, 1, inputs, width]);
}

function roundUp(channels: number): number {
  return Math.ceil(channels / vector) * vector;
}

/**
 * Eqs. 10 and 12: a node is the sum of the normed edges into it, an edge the sum of its normed operations. The maps
 * that leave a node are laid side by side and normed in one call, since a norm of few channels costs as much as one
 * of many; a 1x1 convolution with ones then sums those of each edge.
 */
export function forwardCell(
  engine: Engine,
  input: Tensor4D,
  count: number,
  sources: readonly PreparedSource[],
  norm: Norm,
): Tensor4D {
  const nodes: Tensor4D[] = [input];
  const incoming = Array.from({ length: count }, (): Tensor4D[] => []);
  for (let node = 1; node <= count; node++) {
    if (node > 1) nodes.push(joined(engine, incoming[node - 1]!));
    const source = sources.find(({ from }) => from === node);
    if (!source) continue;
    const parts = engine.tf.tidy(() => leavingEdges(engine, nodes[node - 1]!, source, norm));
    source.edges.forEach(({ to }, e) => incoming[to - 1]!.push(parts[e]!));
  }
  return engine.kernels.concatChannels(nodes.slice(1));
}

/** Maps without a convolution whose filter could have brought the zeros. */
function filledUp({ tf }: Engine, maps: readonly Tensor4D[]): Tensor4D[] {
  const [n, h, w, channels] = maps[0]!.shape;
  const missing = roundUp(maps.length * channels) - maps.length * channels;
  return missing > 0 ? [...maps, tf.fill<Rank.R4>([n, h, w, missing], 0)] : [...maps];
}

/** The normed edges that leave a node, one map [n, h, w, c] each. */
function leavingEdges(engine: Engine, node: Tensor4D, source: PreparedSource, norm: Norm): Tensor4D[] {
  const { tf, kernels } = engine;
  const channels = node.shape[3];
  const { outputs, edges, filters, selection } = source;
  const fixed = outputs.flatMap(({ operation }) =>
    hasWeights(operation) ? [] : [applyFixed(engine, operation, node)],
  );
  const positive = filters.length > 0 ? kernels.relu(node) : node;
  const convolved = filters.map(({ size, filter }) => kernels.conv2d(positive, filter, 1, (size - 1) / 2));
  const results = norm.edges(
    outputs.map(({ name }) => name),
    edges.map(({ name }) => name),
    engine.kernels.concatChannels(filters.length > 0 ? [...fixed, ...convolved] : filledUp(engine, fixed)),
    selection,
  );
  const rest = results.shape[3] - edges.length * channels;
  if (edges.length === 1 && rest === 0) return [results];
  return tf
    .split<Tensor4D>(results, [...edges.map(() => channels), ...(rest > 0 ? [rest] : [])], 3)
    .slice(0, edges.length);
}

/** The sum of the edges into a node, which nobody needs any more after it. */
function joined({ tf, kernels }: Engine, edges: Tensor4D[]): Tensor4D {
  if (edges.length === 1) return edges[0]!;
  const sum = kernels.sum(edges);
  tf.dispose(edges);
  return sum;
}
