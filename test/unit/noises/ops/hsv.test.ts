import { expect, it } from 'vitest';

import { raiseValue } from '../../../../src/noises/ops/hsv.js';

function raised(rgb: readonly number[], added: number): number[] {
  const pixel = Float64Array.from(rgb);
  raiseValue(pixel, added);
  return Array.from(pixel, (value) => Math.round(value * 1e9) / 1e9);
}

it.each([
  [[0.4, 0.2, 0.1]],
  [[0.2, 0.4, 0.1]],
  [[0.1, 0.4, 0.2]],
  [[0.1, 0.2, 0.4]],
  [[0.2, 0.1, 0.4]],
  [[0.4, 0.1, 0.2]],
  [[0.4, 0.4, 0.1]],
  [[0.1, 0.4, 0.4]],
  [[0.4, 0.1, 0.4]],
])('%s keeps hue and saturation: all channels grow alike', (rgb) => {
  expect(raised(rgb, 0.2)).toEqual(rgb.map((value) => Math.round(value * 1.5 * 1e9) / 1e9));
});

it('stops at 1', () => {
  expect(raised([0.8, 0.4, 0.2], 0.5)).toEqual([1, 0.5, 0.25]);
});

it('makes black grey', () => {
  expect(raised([0, 0, 0], 0.3)).toEqual([0.3, 0.3, 0.3]);
});
