import type { OperationName, PatchStructure } from '../../src/repair/structure.js';
import { naiveConv, naiveRelu, type NaiveMap } from './naive.js';

/** Weights by name, as plain numbers. */
export type Weights = ReadonlyMap<string, readonly number[]>;

/** An operation of an edge in plain loops, with the weights that it has under its name. */
export function naiveOperation(
  x: NaiveMap,
  operation: OperationName,
  name: string,
  weights: Weights,
): NaiveMap {
  const get = (suffix: string): readonly number[] => {
    const found = weights.get(`${name}.${suffix}`);
    if (!found) throw new Error(`no ${name}.${suffix} among ${[...weights.keys()].join(', ')}`);
    return found;
  };
  const c = x.channels;
  const conv = (map: NaiveMap, filter: readonly number[], size: number): NaiveMap =>
    naiveConv(map, filter, c, { size, stride: 1, pad: (size - 1) / 2 });
  switch (operation) {
    case 'conv1x1':
      return conv(naiveRelu(x), get('weight'), 1);
    case 'conv3x3':
      return conv(naiveRelu(x), get('weight'), 3);
    case 'sepconv1x1':
      return conv(conv(naiveRelu(x), spread(get('depthwise.weight'), 1, c), 1), get('pointwise.weight'), 1);
    case 'sepconv3x3':
      return conv(conv(naiveRelu(x), spread(get('depthwise.weight'), 3, c), 3), get('pointwise.weight'), 1);
    case 'maxpool3x3':
      return windowed(x, (values) => Math.max(...values));
    case 'avgpool3x3':
      return windowed(x, (values) => values.reduce((a, b) => a + b, 0) / values.length);
    case 'identity':
      return x;
  }
}

/** A depthwise filter [size, size, channels, 1] as a full one. */
function spread(filter: readonly number[], size: number, channels: number): number[] {
  const full = new Array<number>(size * size * channels * channels).fill(0);
  for (let k = 0; k < size * size; k++)
    for (let c = 0; c < channels; c++) full[(k * channels + c) * channels + c] = filter[k * channels + c]!;
  return full;
}

/** A function of the pixels of each 3x3 window that lie inside, channel by channel. */
function windowed(x: NaiveMap, f: (values: number[]) => number): NaiveMap {
  const data: number[] = [];
  for (let y = 0; y < x.height; y++)
    for (let column = 0; column < x.width; column++)
      for (let c = 0; c < x.channels; c++) {
        const values: number[] = [];
        for (let iy = Math.max(0, y - 1); iy <= Math.min(x.height - 1, y + 1); iy++)
          for (let ix = Math.max(0, column - 1); ix <= Math.min(x.width - 1, column + 1); ix++)
            values.push(x.data[(iy * x.width + ix) * x.channels + c]!);
        data.push(f(values));
      }
  return { ...x, data };
}

/** (x - mean) / sqrt(biased variance + 1e-5), channel by channel: a batch norm on a batch of this one image. */
export function naiveBatchNorm(x: NaiveMap): NaiveMap {
  const count = x.height * x.width;
  const of = (c: number): number[] => x.data.filter((_, i) => i % x.channels === c);
  const means = Array.from({ length: x.channels }, (_, c) => of(c).reduce((a, b) => a + b, 0) / count);
  const variances = means.map((m, c) => of(c).reduce((sum, v) => sum + (v - m) * (v - m), 0) / count);
  const data = x.data.map((v, i) => {
    const c = i % x.channels;
    return (v - means[c]!) / Math.sqrt(variances[c]! + 1e-5);
  });
  return { ...x, data };
}

/** The body of a patch by Eqs. 10 to 12, as they stand in the paper, with batch norms of this one image. */
export function naiveBody(x: NaiveMap, { nodes, cells }: PatchStructure, weights: Weights): NaiveMap {
  let map = x;
  for (const [k, cell] of cells.entries()) {
    if (k > 0) {
      const filter = weights.get(`between${k}.weight`)!;
      map = naiveConv(map, filter, x.channels, { size: 1, stride: 1, pad: 0 });
    }
    const values: NaiveMap[] = [map];
    for (let to = 2; to <= nodes; to++) {
      const edges = cell.filter((edge) => edge.to === to && edge.operations.length > 0);
      const incoming = edges.map(({ from, operations }) => {
        const outputs = operations.map((operation) =>
          naiveBatchNorm(
            naiveOperation(values[from - 1]!, operation, `cell${k + 1}.${from}-${to}.${operation}`, weights),
          ),
        );
        return naiveBatchNorm(add(outputs));
      });
      values.push(add(incoming));
    }
    map = concat(values.slice(1));
  }
  return map;
}

function add(maps: readonly NaiveMap[]): NaiveMap {
  return { ...maps[0]!, data: maps[0]!.data.map((_, i) => maps.reduce((sum, map) => sum + map.data[i]!, 0)) };
}

function concat(maps: readonly NaiveMap[]): NaiveMap {
  const { height, width, channels: c } = maps[0]!;
  const data: number[] = [];
  for (let pixel = 0; pixel < height * width; pixel++)
    for (const map of maps) data.push(...map.data.slice(pixel * c, (pixel + 1) * c));
  return { height, width, channels: c * maps.length, data };
}
