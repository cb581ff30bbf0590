import { describe, expect, it } from 'vitest';

import { sha256 } from '../../../../src/core/digest.js';
import { shapes } from '../../../../src/datasets/shapes/dataset.js';

const read = (params: { train: number; test: number; seed: number; size?: number }) =>
  shapes.read('', params);

describe('shapes', () => {
  it('gives image i whatever the counts are', async () => {
    const few = await read({ train: 20, test: 10, seed: 3 });
    const more = await read({ train: 40, test: 30, seed: 3 });
    expect(more.train.images.data.subarray(0, few.train.images.data.length)).toEqual(few.train.images.data);
    expect(more.test.images.data.subarray(0, few.test.images.data.length)).toEqual(few.test.images.data);
  });

  it('gives other images for another seed, 0 included, and for the other half', async () => {
    const digests = new Set<string>();
    for (const seed of [0, 1, 2]) {
      const { train, test } = await read({ train: 10, test: 10, seed });
      digests.add(sha256(train.images.data)).add(sha256(test.images.data));
    }
    expect(digests.size).toBe(6);
  });

  it('is named by parameters and drawing', async () => {
    const params = { train: 20, test: 10, seed: 3 };
    const digest = await shapes.digest(params);
    expect(await shapes.digest({ ...params })).toBe(digest);
    expect(await shapes.digest({ ...params, size: 32 })).toBe(digest);
    for (const other of [{ train: 21 }, { test: 11 }, { seed: 4 }, { size: 64 }])
      expect(await shapes.digest({ ...params, ...other })).not.toBe(digest);
  });

  it('draws a light shape: the middle of the discs is lighter than the corners', async () => {
    const { train } = await read({ train: 400, test: 10, seed: 1 });
    const mean = (x: number, y: number): number => {
      let sum = 0;
      for (let i = 0; i < 400; i += 10) sum += train.images.data[i * 3072 + (y * 32 + x) * 3]!;
      return sum / 40;
    };
    expect(mean(16, 16)).toBeGreaterThan(mean(0, 0) + 40);
    expect(mean(16, 16)).toBeGreaterThan(mean(31, 31) + 40);
  });

  it('draws the same shapes twice as large', async () => {
    const params = { train: 30, test: 10, seed: 1 };
    const small = (await read(params)).train;
    const large = (await read({ ...params, size: 64 })).train;
    expect(large.images.shape).toEqual([30, 64, 64, 3]);
    expect(large.labels).toEqual(small.labels);
    // Means of 16 x 16 corners of the small image and of 32 x 32 corners of the large one: noise averages out.
    const mean = ({ data }: typeof small.images, i: number, side: number): number => {
      let sum = 0;
      for (let y = 0; y < side / 2; y++)
        for (let x = 0; x < side / 2; x++) sum += data[((i * side + y) * side + x) * 3]!;
      return sum / (side / 2) ** 2;
    };
    for (let i = 0; i < 30; i++)
      expect(Math.abs(mean(small.images, i, 32) - mean(large.images, i, 64))).toBeLessThan(6);
  });
});
