import { describe, expect, it } from 'vitest';

import { Rng } from '../../../src/core/rng.js';
import { AB_BINS, abBin, colorization } from '../../../src/tasks/colorization.js';
import { abGridPoint, greyLevel } from '../../../src/tasks/lab.js';
import { randomImage } from '../../support/images.js';

describe('AB_BINS', () => {
  it('are the 261 that every third sRGB level already reaches, and no other', () => {
    const reached = new Set<string>();
    for (let r = 0; r < 256; r += 3)
      for (let g = 0; g < 256; g += 3)
        for (let b = 0; b < 256; b += 3) reached.add(abGridPoint(r, g, b).join());
    expect(AB_BINS.length).toBe(261);
    expect(new Set(AB_BINS.map((bin) => bin.join()))).toEqual(reached);
  });
});

describe('abBin', () => {
  it('is the place of the nearest grid point in the list', () => {
    const rng = new Rng(1, 'colours');
    for (let i = 0; i < 2000; i++) {
      const [r, g, b] = [rng.int(256), rng.int(256), rng.int(256)];
      expect(AB_BINS[abBin(r, g, b)]!.join()).toBe(abGridPoint(r, g, b).join());
    }
  });

  it.each([
    ['grey', 128, 128, 128, 98],
    ['green', 0, 255, 0, 0],
    ['magenta', 255, 0, 255, 259],
  ])('of %s is pinned', (_, r, g, b, label) => {
    expect(abBin(r, g, b)).toBe(label);
  });
});

describe('colorization', () => {
  const size = { height: 16, width: 24 };
  const image = randomImage(new Rng(2, 'image'), 16, 24);
  const out = new Uint8Array(image.length);
  const target = colorization.transform(image, size, new Rng(2, 'draw'), out);
  if (target.kind !== 'pixels') throw new Error('no pixel targets');
  const { positions, labels } = target;

  it('shows the grey image', () => {
    for (let p = 0; p < 16 * 24; p++) {
      const [r, g, b] = image.subarray(3 * p, 3 * p + 3);
      expect([...out.subarray(3 * p, 3 * p + 3)]).toEqual(new Array(3).fill(greyLevel(r!, g!, b!)));
    }
  });

  it('asks for 64 different pixels', () => {
    expect(new Set(positions).size).toBe(64);
    expect(Math.min(...positions)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...positions)).toBeLessThan(16 * 24);
  });

  it('labels them by the colour they had', () => {
    const colours = [...positions].map((p) => image.subarray(3 * p, 3 * p + 3));
    expect([...labels]).toEqual(colours.map(([r, g, b]) => abBin(r!, g!, b!)));
  });

  it('has every class', () => {
    const palette = coloursOfAllBins();
    const picture = Uint8Array.from({ length: 3072 }, (_, i) => palette[Math.floor(i / 3) % 261]![i % 3]!);
    const seen = new Set<number>();
    for (let k = 0; k < 60; k++) {
      const drawn = colorization.transform(
        picture,
        { height: 32, width: 32 },
        new Rng(4, `${k}`),
        picture.slice(),
      );
      if (drawn.kind === 'pixels') for (const label of drawn.labels) seen.add(label);
    }
    expect(seen.size).toBe(261);
  });

  it('has the share of the commonest bin as its chance level', () => {
    expect(colorization.chance([7, 104, 104, 3])).toBe(0.5);
    expect(() => colorization.chance([])).toThrow('colorization: chance needs at least one label');
  });
});

/** One sRGB colour for each bin, in no special order. */
function coloursOfAllBins(): (readonly [number, number, number])[] {
  const colours = new Map<number, readonly [number, number, number]>();
  for (let r = 0; r < 256; r += 3)
    for (let g = 0; g < 256; g += 3) for (let b = 0; b < 256; b += 3) colours.set(abBin(r, g, b), [r, g, b]);
  return [...colours.values()];
}
