import type { NdArray } from '../core/npy.js';

/** Mean and standard deviation (of the population) of each channel, in units of 0 to 1. */
export interface ChannelStatistics {
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/** @param images [n, height, width, channels] bytes. The sums are exact, so the result is the same everywhere. */
export function channelStatistics({ shape, data }: NdArray<Uint8Array>): ChannelStatistics {
  const channels = shape.at(-1)!;
  const counts = Array.from({ length: channels }, () => new Uint32Array(256));
  for (let i = 0; i < data.length; i += channels)
    for (let c = 0; c < channels; c++) counts[c]![data[i + c]!]!++;
  const n = data.length / channels;
  const mean: number[] = [];
  const std: number[] = [];
  for (const histogram of counts) {
    let sum = 0;
    let squares = 0;
    histogram.forEach((count, value) => {
      sum += count * value;
      squares += count * value * value;
    });
    mean.push(sum / n / 255);
    std.push(Math.sqrt(squares / n - (sum / n) * (sum / n)) / 255);
  }
  return { mean, std };
}

/** How many labels there are of each class. @param labels each below `classes` */
export function classCounts(labels: Uint8Array, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (const label of labels) counts[label]!++;
  return counts;
}
