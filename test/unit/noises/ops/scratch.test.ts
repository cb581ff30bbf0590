import { expect, it } from 'vitest';

import { scratch } from '../../../../src/noises/ops/scratch.js';

it('the same memory comes back for the same length, other memory for another', () => {
  const memory = scratch((length) => new Float64Array(length));
  const first = memory(4);
  expect(memory(4)).toBe(first);
  expect(memory(6)).toHaveLength(6);
  expect(memory(4)).not.toBe(first);
});
