import { describe, expect, it } from 'vitest';

import { frostTextures, type Texture } from '../../../src/noises/frost-textures.js';

function luma({ rgb }: Texture): Float64Array {
  return Float64Array.from(
    { length: rgb.length / 3 },
    (_, p) => 0.299 * rgb[3 * p]! + 0.587 * rgb[3 * p + 1]! + 0.114 * rgb[3 * p + 2]!,
  );
}

function meanAndSd(values: ArrayLike<number>): [number, number] {
  const numbers = Array.from(values);
  const mean = numbers.reduce((a, b) => a + b, 0) / numbers.length;
  return [mean, Math.sqrt(numbers.reduce((a, b) => a + (b - mean) * (b - mean), 0) / numbers.length)];
}

function percentiles(values: Float64Array): number[] {
  const sorted = values.slice().sort();
  return [0.01, 0.25, 0.5, 0.75, 0.99].map((share) => sorted[Math.floor(share * sorted.length)]!);
}

/** Horizontal autocorrelation at lags 1, 2, 4 and 8. */
function autocorrelation(texture: Texture): number[] {
  const values = luma(texture);
  const [mean, sd] = meanAndSd(values);
  const { width } = texture.size;
  return [1, 2, 4, 8].map((lag) => {
    let sum = 0;
    let count = 0;
    for (let p = 0; p < values.length; p++) {
      if ((p % width) + lag >= width) continue;
      sum += (values[p]! - mean) * (values[p + lag]! - mean);
      count++;
    }
    return sum / count / (sd * sd);
  });
}

/** As measured on the reference's photos, scaled to a fifth. */
const measured = [
  {
    size: [120, 180],
    mean: [78, 149, 166],
    sd: [27, 16, 15],
    luma: [95, 116, 128, 141, 177],
    lags: [0.69, 0.65, 0.58, 0.48],
  },
  {
    size: [63, 112],
    mean: [201, 205, 215],
    sd: [21, 22, 23],
    luma: [141, 193, 208, 221, 244],
    lags: [0.6, 0.52, 0.47, 0.45],
  },
  {
    size: [63, 112],
    mean: [201, 205, 215],
    sd: [21, 22, 23],
    luma: [141, 193, 208, 221, 244],
    lags: [0.6, 0.52, 0.47, 0.45],
  },
  {
    size: [70, 105],
    mean: [138, 153, 166],
    sd: [29, 29, 30],
    luma: [79, 133, 150, 167, 236],
    lags: [0.47, 0.42, 0.38, 0.31],
  },
  {
    size: [99, 132],
    mean: [112, 123, 135],
    sd: [44, 43, 42],
    luma: [43, 89, 117, 149, 237],
    lags: [0.58, 0.49, 0.42, 0.38],
  },
];

const furthest = (a: readonly number[], b: readonly number[]): number =>
  Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));

describe('at a fifth', () => {
  const textures = frostTextures(0.2, { height: 32, width: 32 });

  it.each(measured.map((photo, i) => ({ ...photo, i })))(
    'texture $i is like its photo',
    ({ i, size, mean, sd, luma: shares, lags }) => {
      const texture = textures[i]!;
      expect([texture.size.height, texture.size.width]).toEqual(size);
      for (const channel of [0, 1, 2]) {
        const [m, s] = meanAndSd(texture.rgb.filter((_, index) => index % 3 === channel));
        expect(Math.abs(m - mean[channel]!)).toBeLessThan(0.5);
        expect(Math.abs(s - sd[channel]!)).toBeLessThan(0.5);
      }
      const found = percentiles(luma(texture));
      expect(furthest(found.slice(0, 4), shares)).toBeLessThan(3);
      expect(Math.abs(found[4]! - shares[4]!)).toBeLessThan(14); // the heavy tail of photo 4 is not quite reached
      expect(furthest(autocorrelation(texture), lags)).toBeLessThan(0.04);
    },
  );

  it('the second and the third are one texture, as in the reference', () => {
    expect(textures[2]).toBe(textures[1]);
    expect(textures[3]).not.toBe(textures[1]);
  });

  it('are always the same', () => {
    expect(frostTextures(0.2, { height: 32, width: 32 })).toEqual(textures);
  });
});

it('textures are larger than the images in both directions', () => {
  for (const { size, rgb } of frostTextures(0.3, { height: 110, width: 64 })) {
    expect(size.height).toBeGreaterThan(110);
    expect(size.width).toBeGreaterThan(64);
    expect(rgb).toHaveLength(size.height * size.width * 3);
  }
});
