import { describe, expect, it } from 'vitest';

import { Rng } from '../../../src/core/rng.js';
import { applyCutMix, drawCutMix, ownShare } from '../../../src/nn/cutmix.js';
import { randomImages } from '../../support/images.js';

describe('drawCutMix', () => {
  const drawn = Array.from({ length: 4000 }, (_, k) => drawCutMix(new Rng(1, `cutmix/${k}`), 5, 32, 24));

  it('draws the same for the same stream', () => {
    expect(drawCutMix(new Rng(1, 'cutmix/0'), 5, 32, 24)).toEqual(drawn[0]);
    expect(drawn[1]).not.toEqual(drawn[0]);
  });

  it('pairs the batch by permutations', () => {
    for (const { partners } of drawn) expect([...partners].sort()).toEqual([0, 1, 2, 3, 4]);
  });

  it('has boxes inside the image, of even sides where the border does not cut them', () => {
    let inner = 0;
    for (const { box } of drawn) {
      const { top, left, bottom, right } = box;
      expect(0 <= top && top <= bottom && bottom <= 32 && 0 <= left && left <= right && right <= 24).toBe(
        true,
      );
      if (top === 0 || left === 0 || bottom === 32 || right === 24) continue;
      inner++;
      expect([(bottom - top) % 2, (right - left) % 2]).toEqual([0, 0]);
    }
    expect(inner).toBeGreaterThan(400);
  });

  it('keeps as much of an image as the published formula does on average', () => {
    // By hand: the mean over centres and 2,000 even steps of lambda of 1 - area / image, cut off at the border.
    const along = (length: number, side: number): number => {
      const half = Math.floor(Math.floor(length * side) / 2);
      let sum = 0;
      for (let centre = 0; centre < length; centre++)
        sum += Math.min(length, centre + half) - Math.max(0, centre - half);
      return sum / length / length;
    };
    const shares = Array.from({ length: 2000 }, (_, k) => {
      const side = Math.sqrt(1 - (k + 0.5) / 2000);
      return 1 - along(32, side) * along(24, side);
    });
    const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
    const measured = mean(drawn.map(({ box }) => ownShare(box, 32, 24)));
    expect(Math.abs(measured - mean(shares))).toBeLessThan(0.0185); // 4.5 standard deviations of the mean
  });
});

describe('applyCutMix', () => {
  const images = randomImages(new Rng(2, 'images'), 3, 6, 5);
  const mix = { partners: Uint32Array.of(1, 2, 0), box: { top: 1, left: 2, bottom: 4, right: 4 } };
  const at = (data: Uint8Array, n: number, y: number, x: number) =>
    [...data.subarray(((n * 6 + y) * 5 + x) * 3)].slice(0, 3);

  it('takes pixels in the box from the partner and all others from the image itself', () => {
    const before = images.data.slice();
    const { shape, data } = applyCutMix(images, mix);
    expect(shape).toEqual([3, 6, 5, 3]);
    for (let n = 0; n < 3; n++)
      for (let y = 0; y < 6; y++)
        for (let x = 0; x < 5; x++) {
          const isInside = y >= 1 && y < 4 && x >= 2 && x < 4;
          expect(at(data, n, y, x)).toEqual(at(before, isInside ? mix.partners[n]! : n, y, x));
        }
    expect(images.data).toEqual(before);
  });

  it('changes nothing with an empty box; the own share is what the box leaves', () => {
    const empty = { top: 3, left: 2, bottom: 3, right: 2 };
    expect(applyCutMix(images, { ...mix, box: empty }).data).toEqual(images.data);
    expect([ownShare(empty, 6, 5), ownShare(mix.box, 6, 5)]).toEqual([1, 1 - 6 / 30]);
    expect(ownShare({ top: 0, left: 0, bottom: 6, right: 5 }, 6, 5)).toBe(0);
  });
});
