import { expect, it } from 'vitest';

import { predictedFromLogits } from '../../../src/nn/metrics.js';

it('the predicted class is the largest logit of each row, the first on a tie', () => {
  const logits = Float32Array.of(0, 3, 3, -1, -2, -3, 1, 0, 2);
  expect(predictedFromLogits(logits, 3)).toEqual(Uint8Array.of(1, 0, 2));
  expect(predictedFromLogits(new Float32Array(), 3).length).toBe(0);
});
