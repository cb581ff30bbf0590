import { expect, it } from 'vitest';

import { bilinearResize, scaledSize } from '../../../../src/noises/ops/cv-resize.js';

it('sizes are rounded, a half to the even number', () => {
  expect(scaledSize({ height: 315, width: 560 }, 0.3)).toEqual({ height: 94, width: 168 });
  expect(scaledSize({ height: 350, width: 527 }, 0.2)).toEqual({ height: 70, width: 105 });
});

it('halving interpolates between the two middle pixels of each pair', () => {
  const image = Uint8Array.from([0, 10, 20, 30].flatMap((v) => [v, v, 255 - v]));
  const out = bilinearResize(image, { height: 1, width: 4 }, 0.5);
  expect(out).toHaveLength(0); // half a row rounds to none
  const square = Uint8Array.from([...image, ...image]);
  expect([...bilinearResize(square, { height: 2, width: 4 }, 0.5)]).toEqual([5, 5, 250, 25, 25, 230]);
});
