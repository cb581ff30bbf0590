import { describe, expect, it } from 'vitest';

import { Rng } from '../../../src/core/rng.js';
import { rotate, rotation } from '../../../src/tasks/rotation.js';
import { randomImage } from '../../support/images.js';

/** A grey image, one number a pixel. */
function grey(...pixels: number[]): Uint8Array {
  return Uint8Array.from(pixels.flatMap((v) => [v, v, v]));
}

function turned(image: Uint8Array, side: number, quarterTurns: number): Uint8Array {
  const out = new Uint8Array(image.length);
  rotate(image, { height: side, width: side }, quarterTurns, out);
  return out;
}

describe('rotate', () => {
  const image = grey(1, 2, 3, 4, 5, 6, 7, 8, 9);

  it.each([
    [0, grey(1, 2, 3, 4, 5, 6, 7, 8, 9)],
    [1, grey(3, 6, 9, 2, 5, 8, 1, 4, 7)],
    [2, grey(9, 8, 7, 6, 5, 4, 3, 2, 1)],
    [3, grey(7, 4, 1, 8, 5, 2, 9, 6, 3)],
  ])('turns a 3 x 3 image %i times counter-clockwise', (quarterTurns, expected) => {
    expect(turned(image, 3, quarterTurns)).toEqual(expected);
  });

  it('keeps the three channels of a pixel together', () => {
    const corners = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
    expect(turned(corners, 2, 1)).toEqual(Uint8Array.of(4, 5, 6, 10, 11, 12, 1, 2, 3, 7, 8, 9));
  });
});

describe('rotation', () => {
  it('is undone by turning on to 360 degrees', () => {
    const rng = new Rng(3, 'images');
    for (let k = 0; k < 12; k++) {
      const image = randomImage(rng, 32, 32);
      const out = new Uint8Array(image.length);
      const target = rotation.transform(image, { height: 32, width: 32 }, rng.child(k), out);
      if (target.kind !== 'image') throw new Error('not an image label');
      expect(turned(out, 32, (4 - target.label) % 4)).toEqual(image);
    }
  });
});
