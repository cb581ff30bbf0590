import { expect, it } from 'vitest';

import { boxResize } from '../../../../src/noises/ops/box-resize.js';

function resized(values: readonly number[], width: number): number[] {
  const out = new Uint8Array(width * 3);
  const image = Uint8Array.from(values.flatMap((v) => [v, v, v]));
  boxResize(image, { height: 1, width: values.length }, { height: 1, width }, out);
  return Array.from(out).filter((_, i) => i % 3 === 0);
}

it('halving takes means of pairs, a half going up', () => {
  expect(resized([0, 10, 20, 21, 254, 255], 3)).toEqual([5, 21, 255]);
});

it('going down to other sizes takes whole pixels, one or two, all alike', () => {
  expect(resized([0, 30, 60, 90], 3)).toEqual([0, 45, 90]);
});

it('going up repeats the nearest', () => {
  expect(resized([10, 20, 30], 7)).toEqual([10, 10, 20, 20, 20, 30, 30]);
});

it('rows and columns are resized alike, channels apart', () => {
  const image = Uint8Array.from([0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14]);
  const out = new Uint8Array(3);
  boxResize(image, { height: 2, width: 2 }, { height: 1, width: 1 }, out);
  expect([...out]).toEqual([6, 7, 8]);
});
