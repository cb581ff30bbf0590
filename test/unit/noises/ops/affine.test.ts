import { expect, it } from 'vitest';

import { affineOf, invert, warpAffine } from '../../../../src/noises/ops/affine.js';

it('the map takes the three corners to their targets', () => {
  const targets = [27.5, 26, 26, 5, 8, 6.5];
  const [a, b, tx, c, d, ty] = affineOf({ centreX: 16, centreY: 16, reach: 10, targets });
  const corners = [26, 26, 26, 6, 6, 6];
  const mapped = [0, 2, 4].flatMap((i) => {
    const [x, y] = [corners[i]!, corners[i + 1]!];
    return [a * x + b * y + tx, c * x + d * y + ty];
  });
  mapped.forEach((value, i) => {
    expect(value).toBeCloseTo(targets[i]!, 12);
  });
});

it('a map after its inverse is the identity; a flat one is inverted to nothing', () => {
  const map = [1.1, 0.2, 3, -0.1, 0.9, -2] as const;
  const [a, b, tx, c, d, ty] = invert(map);
  const [x, y] = [map[0] * 5 + map[1] * 7 + map[2], map[3] * 5 + map[4] * 7 + map[5]];
  expect(a * x + b * y + tx).toBeCloseTo(5, 12);
  expect(c * x + d * y + ty).toBeCloseTo(7, 12);
  expect(invert([1, 2, 3, 2, 4, 5]).map((value) => value + 0)).toEqual([0, 0, 0, 0, 0, 0]);
});

it('the warp moves forward, mirrors at the border, and knows 32nds of a pixel only', () => {
  const size = { height: 1, width: 4 };
  const image = Float32Array.from([0, 32, 64, 96].flatMap((v) => [v, v, v]));
  const row = (shift: number): number[] => {
    const out = new Float32Array(12);
    warpAffine(image, size, [1, 0, shift, 0, 1, 0], out);
    return Array.from(out).filter((_, i) => i % 3 === 0);
  };
  expect(row(1)).toEqual([32, 0, 32, 64]);
  expect(row(-1)).toEqual([32, 64, 96, 64]);
  expect(row(-0.25)).toEqual([8, 40, 72, 88]);
  expect(row(-0.26)).toEqual([8, 40, 72, 88]);
});
