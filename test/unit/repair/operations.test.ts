import type { Rank } from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';

import { Rng } from '../../../src/core/rng.js';
import { inference } from '../../../src/nn/parameter.js';
import { OPERATIONS } from '../../../src/repair/structure.js';
import { expectClose, numbers } from '../../support/arrays.js';
import { testEngine } from '../../support/engine.js';
import { naiveOperation } from '../../support/naive-patch.js';
import { operationLayer } from '../../support/operations.js';
import { randomTensor } from '../../support/tensors.js';

const engine = await testEngine();
const [height, width, channels] = [4, 5, 3];
const x = randomTensor<Rank.R4>(engine.tf, new Rng(1, 'x'), [1, height, width, channels]);

describe.each(OPERATIONS)('%s', (name) => {
  const build = () => operationLayer(engine, new Rng(1, 'operation'), name, channels);

  it('is what its name says, within 1e-5', () => {
    const operation = build();
    const weights = new Map(operation.parameters.map((p) => [p.name, numbers(p.variable)]));
    const expected = naiveOperation({ height, width, channels, data: numbers(x) }, name, 'op', weights);
    const y = operation.forward(x, inference);
    expect(y.shape).toEqual([1, height, width, channels]);
    expectClose(numbers(y), expected.data, 1e-5);
  });

  it('has no bias, and names its weights below its own name', () => {
    const names = build().parameters.map((p) => p.name);
    if (name.startsWith('sep')) expect(names).toEqual(['op.depthwise.weight', 'op.pointwise.weight']);
    else expect(names).toEqual(name.startsWith('conv') ? ['op.weight'] : []);
    expect(build().buffers).toEqual([]);
  });
});
