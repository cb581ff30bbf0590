import { describe, expect, it } from 'vitest';

import { zoom, zoomPlan } from '../../../../src/noises/ops/zoom.js';

const step = 0.010000000000000009;
/** First and last input column of the plans for factors 1, 1.01, … 1.25. */
const spans = (n: number): [number, number][] =>
  Array.from({ length: 26 }, (_, i) => {
    const { low, high } = zoomPlan({ height: n, width: n }, 1 + i * step).columns;
    return [low[0]!, high[n - 1]!];
  });

describe('the plan', () => {
  it('of factor 1 is the identity', () => {
    const { low, share } = zoomPlan({ height: 32, width: 32 }, 1).rows;
    expect([...low]).toEqual([...Array(32).keys()]);
    expect(share.every((value) => value === 0)).toBe(true);
  });

  it('starts at the crop and stays within it, for all factors of zoom blur', () => {
    const crops32 = [
      32, 32, 32, 32, 31, 31, 31, 30, 30, 30, 30, 29, 29, 29, 29, 28, 28, 28, 28, 27, 27, 27, 27, 27, 26, 26,
    ];
    expect(spans(32).map(([first]) => first)).toEqual(crops32.map((crop) => Math.floor((32 - crop) / 2)));
    expect(spans(32).every(([first, last], i) => last <= first + crops32[i]! - 1)).toBe(true);
    const crops64 = [
      64, 64, 63, 63, 62, 61, 61, 60, 60, 59, 59, 58, 58, 57, 57, 56, 56, 55, 55, 54, 54, 53, 53, 53, 52, 52,
    ];
    expect(spans(64).map(([first]) => first)).toEqual(crops64.map((crop) => Math.floor((64 - crop) / 2)));
  });

  it('of the last factor enlarges 26 pixels to 33, not to the 32 of an exact 1.25', () => {
    const size = { height: 32, width: 32 };
    expect(zoomPlan(size, 1 + 25 * step).columns.share[1]).toBe(25 / 32);
    expect(zoomPlan(size, 1.25).columns.share[1]).toBe(25 / 31);
  });
});

it('zooming keeps a plane a plane', () => {
  const size = { height: 8, width: 8 };
  const plane = Float64Array.from({ length: 64 }, (_, i) => 3 * Math.floor(i / 8) + (i % 8));
  const out = new Float64Array(64);
  zoom(zoomPlan(size, 2), plane, out);
  // The middle 4 x 4 pixels, corner on corner: 3/7 of a pixel from output to output.
  expect(out[0]).toBe(3 * 2 + 2);
  expect(out[63]).toBeCloseTo(3 * 5 + 5, 12);
  expect(out[8 + 2]).toBeCloseTo(3 * (2 + 3 / 7) + 2 + 6 / 7, 12);
});
