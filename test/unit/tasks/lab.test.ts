import { describe, expect, it } from 'vitest';

import { abGridPoint, cubeRoot, greyLevel, LINEAR_LIGHT } from '../../../src/tasks/lab.js';

describe('LINEAR_LIGHT', () => {
  it('is the sRGB curve, rounded to thousand-millionths', () => {
    const curve = Array.from({ length: 256 }, (_, v) => {
      const c = v / 255;
      return Math.round(1e9 * (c <= 0.04045 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4)));
    });
    expect(LINEAR_LIGHT).toEqual(curve);
  });
});

describe('cubeRoot', () => {
  it('agrees with Math.cbrt over its whole range', () => {
    const start = 216 / 24389;
    for (let i = 0; i <= 1000; i++) {
      const t = start + ((1 - start) * i) / 1000;
      expect(Math.abs(cubeRoot(t) - Math.cbrt(t))).toBeLessThan(3e-16);
    }
  });
});

describe('greyLevel', () => {
  it('leaves every grey as it is', () => {
    const greys = Array.from({ length: 256 }, (_, v) => v);
    expect(greys.map((v) => greyLevel(v, v, v))).toEqual(greys);
  });

  // Luminances 0.2126, 0.7152, 0.0722 back through the sRGB curve: 127.1, 219.9, 75.9; yellow 0.9278: 246.7.
  it.each([
    [255, 0, 0, 127],
    [0, 255, 0, 220],
    [0, 0, 255, 76],
    [255, 255, 0, 247],
  ])('of (%i, %i, %i) is %i', (r, g, b, expected) => {
    expect(greyLevel(r, g, b)).toBe(expected);
  });

  it('is never further in luminance than half the distance of two greys', () => {
    for (let i = 0; i < 4096; i++) {
      const [r, g, b] = [(i >> 8) * 17, ((i >> 4) & 15) * 17, (i & 15) * 17];
      const y = 0.2126 * LINEAR_LIGHT[r]! + 0.7152 * LINEAR_LIGHT[g]! + 0.0722 * LINEAR_LIGHT[b]!;
      const level = greyLevel(r, g, b);
      const distance = Math.abs(LINEAR_LIGHT[level]! - y);
      for (const other of [level - 1, level + 1].filter((v) => v >= 0 && v <= 255))
        expect(distance).toBeLessThanOrEqual(Math.abs(LINEAR_LIGHT[other]! - y) + 1e-6);
    }
  });
});

describe('abGridPoint', () => {
  it('is the origin for every grey', () => {
    for (let v = 0; v < 256; v++) expect(abGridPoint(v, v, v).map((x) => x + 0)).toEqual([0, 0]);
  });

  // CIE Lab of the corners of sRGB under D65: red (53.2, 80.1, 67.2), green (87.7, -86.2, 83.2), blue (32.3, 79.2, -107.9),
  // yellow (97.1, -21.6, 94.5), cyan (91.1, -48.1, -14.1), magenta (60.3, 98.2, -60.8).
  it.each([
    ['red', 255, 0, 0, 8, 7],
    ['green', 0, 255, 0, -9, 8],
    ['blue', 0, 0, 255, 8, -11],
    ['yellow', 255, 255, 0, -2, 9],
    ['cyan', 0, 255, 255, -5, -1],
    ['magenta', 255, 0, 255, 10, -6],
  ])('of %s is where the published values put it', (_, r, g, b, a10, b10) => {
    expect(abGridPoint(r, g, b)).toEqual([a10, b10]);
  });
});
