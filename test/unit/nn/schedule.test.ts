import { expect, it } from 'vitest';

import { cosine } from '../../../src/nn/schedule.js';

it('falls along half a cosine from the peak to the floor', () => {
  const rate = cosine(0.1, 400, 1e-6);
  const expected = [0.1, 0.0854, 0.05, 0.01464, 1e-6];
  [0, 100, 200, 300, 400].forEach((step, i) => expect(rate(step)).toBeCloseTo(expected[i]!, 4));
  expect(rate(0)).toBe(0.1);
  expect(rate(400)).toBe(1e-6);
  expect(rate(200)).toBeCloseTo((0.1 + 1e-6) / 2, 15);
});

it('falls at every step and ends at 0 unless told otherwise', () => {
  const rates = Array.from({ length: 51 }, (_, step) => cosine(1, 50)(step));
  for (let step = 1; step <= 50; step++) expect(rates[step]!).toBeLessThan(rates[step - 1]!);
  expect(rates[50]).toBe(0);
});
