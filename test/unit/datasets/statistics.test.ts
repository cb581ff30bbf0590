import { describe, expect, it } from 'vitest';

import { channelStatistics, classCounts } from '../../../src/datasets/statistics.js';

describe('channelStatistics', () => {
  it('gives mean and population deviation of each channel, in units of 0 to 1', () => {
    const data = Uint8Array.of(0, 255, 10, 255, 255, 20); // two pixels
    const { mean, std } = channelStatistics({ shape: [1, 1, 2, 3], data });
    expect(mean).toEqual([0.5, 1, 15 / 255]);
    expect(std).toEqual([0.5, 0, 5 / 255]);
  });

  it('takes any number of channels', () => {
    expect(channelStatistics({ shape: [2, 1, 1, 1], data: Uint8Array.of(51, 153) })).toEqual({
      mean: [0.4],
      std: [0.2],
    });
  });
});

describe('classCounts', () => {
  it('counts every class, those without images too', () => {
    expect(classCounts(Uint8Array.of(2, 0, 2, 2), 4)).toEqual([1, 0, 3, 0]);
  });
});
