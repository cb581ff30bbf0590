import { expect, it } from 'vitest';

import { displace } from '../../../../src/noises/ops/displace.js';

const size = { height: 1, width: 4 };
const image = Float32Array.from([0, 10, 20, 30].flatMap((v) => [v, v + 100, v + 200]));

function moved(dx: number, dy = 0): number[] {
  const out = new Float32Array(12);
  displace(image, size, new Float32Array(4).fill(dx), new Float32Array(4).fill(dy), out);
  return Array.from(out);
}

it.each([
  [0, [0, 10, 20, 30]],
  [1, [10, 20, 30, 30]],
  [-1, [0, 0, 10, 20]],
  [0.5, [5, 15, 25, 30]],
  [-0.5, [0, 5, 15, 25]],
  [6, [10, 0, 0, 10]],
  [-6, [20, 30, 30, 20]],
  [-13, [30, 30, 20, 10]],
])('columns sampled %s further right', (dx, expected) => {
  const out = moved(dx);
  expect(out.filter((_, i) => i % 3 === 0)).toEqual(expected);
  expect(out.filter((_, i) => i % 3 === 2)).toEqual(expected.map((v) => v + 200));
});

it('one row is the same above and below', () => {
  expect(moved(0, 0.3)).toEqual(moved(0));
});
