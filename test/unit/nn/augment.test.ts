import { describe, expect, it } from 'vitest';

import { Rng } from '../../../src/core/rng.js';
import { flipAndCrop, flipHorizontally } from '../../../src/nn/augment.js';
import { randomImages } from '../../support/images.js';

describe('flipHorizontally', () => {
  it('mirrors each row of each image, the channels of a pixel together', () => {
    const images = { shape: [2, 1, 3, 2], data: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12) };
    const flipped = flipHorizontally(images);
    expect(flipped).toEqual({
      shape: [2, 1, 3, 2],
      data: Uint8Array.of(5, 6, 3, 4, 1, 2, 11, 12, 9, 10, 7, 8),
    });
    expect(images.data[0]).toBe(1);
  });

  it('undoes itself', () => {
    const images = randomImages(new Rng(1, 'images'), 3, 5, 4);
    expect(flipHorizontally(flipHorizontally(images))).toEqual(images);
  });
});

describe('flipAndCrop', () => {
  const images = randomImages(new Rng(2, 'images'), 6, 9, 7);

  it('equals mirroring, padding with zeros and cutting, for each drawn place', () => {
    const indices = Array.from({ length: 300 }, (_, i) => i % 6);
    const result = flipAndCrop(images, indices, new Rng(3, 'draw'));
    expect(result.shape).toEqual([300, 9, 7, 3]);
    const rng = new Rng(3, 'draw');
    for (const [i, index] of indices.entries()) {
      const isMirrored = rng.bernoulli(0.5);
      const top = rng.int(9);
      const left = rng.int(9);
      const expected: number[] = [];
      for (let y = top - 4; y < top + 5; y++)
        for (let x = left - 4; x < left + 3; x++)
          for (let c = 0; c < 3; c++) {
            const isInside = y >= 0 && y < 9 && x >= 0 && x < 7;
            const column = isMirrored ? 6 - x : x;
            expected.push(isInside ? images.data[((index * 9 + y) * 7 + column) * 3 + c]! : 0);
          }
      expect([...result.data.subarray(i * 189, (i + 1) * 189)]).toEqual(expected);
    }
  });

  it('takes every place about equally often, mirrored or not', () => {
    // A white pixel in the middle of a 9 x 9 image tells where the cut was, the red one right of it if it was mirrored.
    const image = new Uint8Array(9 * 9 * 3);
    image.fill(255, 3 * 40, 3 * 41);
    image[3 * 41] = 255;
    const picture = { shape: [1, 9, 9, 3], data: image };
    const { data } = flipAndCrop(picture, new Uint32Array(2500), new Rng(4, 'draw'), 2);
    const counts = new Map<number, number>();
    let mirrored = 0;
    for (let i = 0; i < 2500; i++) {
      const cut = data.subarray(i * 243, (i + 1) * 243);
      const white = cut.findIndex((v, p) => v === 255 && p % 3 === 1) - 1;
      counts.set(white / 3, (counts.get(white / 3) ?? 0) + 1);
      if (cut[white + 3] === 0) mirrored++;
    }
    // 100 expected at each of 25 places, 1250 mirrored: within 4.5 standard deviations.
    expect(counts.size).toBe(25);
    for (const count of counts.values()) expect(Math.abs(count - 100)).toBeLessThan(45);
    expect(Math.abs(mirrored - 1250)).toBeLessThan(113);
  });

  it('draws the same for the same stream', () => {
    const draw = (name: string) => flipAndCrop(images, [5, 0, 3], new Rng(0, name)).data;
    expect(draw('epoch0/step0')).toEqual(draw('epoch0/step0'));
    expect(draw('epoch0/step0')).not.toEqual(draw('epoch0/step1'));
  });

  it('only mirrors where there is no padding', () => {
    const { data } = flipAndCrop(images, [0, 0, 0, 0, 0, 0, 0, 0], new Rng(5, 'draw'), 0);
    const first = images.data.subarray(0, 189);
    const both = [first, flipHorizontally({ shape: [1, 9, 7, 3], data: first }).data].map((d) => d.join());
    const seen = new Set(Array.from({ length: 8 }, (_, i) => data.subarray(i * 189, (i + 1) * 189).join()));
    expect([...seen].sort()).toEqual(both.sort());
  });

  it('refuses what are not images, and rows that are not there', () => {
    const flat = { shape: [2, 3072], data: new Uint8Array(6144) };
    expect(() => flipAndCrop(flat, [0], new Rng(1, 'draw'))).toThrow(
      'augment: images must be [n, height, width, channels] but got [2, 3072]',
    );
    expect(() => flipAndCrop(images, [6], new Rng(1, 'draw'))).toThrow('augment: no image 6 among 6');
  });
});
