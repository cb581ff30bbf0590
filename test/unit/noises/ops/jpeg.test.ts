import { describe, expect, it } from 'vitest';

import { Rng } from '../../../../src/core/rng.js';
import { forwardDct, inverseDct } from '../../../../src/noises/ops/dct.js';
import { jpegLoss, quantisation } from '../../../../src/noises/ops/jpeg.js';

const rng = new Rng(1, 'jpeg');

describe('the transforms', () => {
  it('of a flat block hold the mean only, 64 times the sample', () => {
    const block = new Int32Array(64).fill(-100);
    forwardDct(block);
    expect([...block]).toEqual([-6400, ...Array<number>(63).fill(0)]);
  });

  it('agree with the cosine sum within half a unit of the coefficients', () => {
    const samples = Int32Array.from({ length: 64 }, () => rng.int(256) - 128);
    const block = samples.slice();
    forwardDct(block);
    for (let v = 0; v < 8; v++) {
      for (let u = 0; u < 8; u++) {
        let sum = 0;
        for (let y = 0; y < 8; y++)
          for (let x = 0; x < 8; x++)
            sum +=
              samples[y * 8 + x]! *
              Math.cos(((2 * x + 1) * u * Math.PI) / 16) *
              Math.cos(((2 * y + 1) * v * Math.PI) / 16);
        const scale = (u === 0 ? Math.SQRT1_2 : 1) * (v === 0 ? Math.SQRT1_2 : 1);
        expect(Math.abs(block[v * 8 + u]! / 8 - (sum * scale) / 4)).toBeLessThan(0.25);
      }
    }
  });

  it('undo each other within one level', () => {
    for (let round = 0; round < 20; round++) {
      const samples = Int32Array.from({ length: 64 }, () => rng.int(256) - 128);
      const block = samples.slice();
      forwardDct(block);
      for (let i = 0; i < 64; i++) block[i] = Math.round(block[i]! / 8);
      inverseDct(block);
      expect(block.every((value, i) => Math.abs(value - samples[i]!) <= 1)).toBe(true);
    }
  });
});

it.each([
  [50, [16, 11, 10, 255]],
  [100, [1, 1, 1, 1]],
  [25, [32, 22, 20, 255]],
  [80, [6, 4, 4, 120]],
])('quality %s scales the tables', (quality, expected) => {
  expect([...quantisation([16, 11, 10, 300], quality)]).toEqual(expected);
});

describe('images that do not fill whole blocks', () => {
  it('keep a flat colour', () => {
    const grey = new Uint8Array(28 * 21 * 3).fill(77);
    const out = new Uint8Array(grey.length);
    jpegLoss(grey, { height: 28, width: 21 }, 75, out);
    expect(out).toEqual(grey);
  });

  it('equal the part of a whole image that repeats their edge', () => {
    const small = { height: 16, width: 20 };
    const image = Uint8Array.from({ length: 16 * 20 * 3 }, (_, i) => (Math.floor(i / 3) * 5) & 255);
    const wide = new Uint8Array(16 * 32 * 3);
    for (let r = 0; r < 16; r++)
      for (let c = 0; c < 32; c++)
        for (let k = 0; k < 3; k++) wide[(r * 32 + c) * 3 + k] = image[(r * 20 + Math.min(c, 19)) * 3 + k]!;
    const outSmall = new Uint8Array(image.length);
    const outWide = new Uint8Array(wide.length);
    jpegLoss(image, small, 60, outSmall);
    jpegLoss(wide, { height: 16, width: 32 }, 60, outWide);
    for (let r = 0; r < 16; r++)
      expect(outSmall.subarray(r * 60, r * 60 + 60)).toEqual(outWide.subarray(r * 96, r * 96 + 60));
  });
});
