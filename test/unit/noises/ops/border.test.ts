import { expect, it } from 'vitest';

import { mirrorHalf, mirrorWhole, replicate, type Border } from '../../../../src/noises/ops/border.js';

const around = (border: Border): string =>
  Array.from({ length: 18 }, (_, i) => 'abcd'[border(i - 7, 4)]).join('');

it('replicate repeats the edge', () => {
  expect(around(replicate)).toBe('aaaaaaaabcdddddddd');
});

it('a whole-sample mirror does not repeat the edge', () => {
  expect(around(mirrorWhole)).toBe('babcdcbabcdcbabcdc');
  expect(mirrorWhole(5, 1)).toBe(0);
});

it('a half-sample mirror repeats the edge', () => {
  expect(around(mirrorHalf)).toBe('bcddcbaabcddcbaabc');
});
