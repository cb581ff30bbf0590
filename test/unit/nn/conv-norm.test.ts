import type { Rank } from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';

import { Rng } from '../../../src/core/rng.js';
import { batchNorm } from '../../../src/nn/batch-norm.js';
import { conv } from '../../../src/nn/conv.js';
import { convNorm } from '../../../src/nn/conv-norm.js';
import { assignTensors, moduleTensors } from '../../../src/nn/checkpoint.js';
import { inference, joinModules } from '../../../src/nn/parameter.js';
import { expectClose, numbers } from '../../support/arrays.js';
import { testEngine } from '../../support/engine.js';
import { shakeNorms } from '../../support/networks.js';
import { randomTensor } from '../../support/tensors.js';

const engine = await testEngine();
const { tf } = engine;

describe.each([
  ['with a bias, stride 1', { bias: true, stride: 1 }],
  ['without a bias, stride 2', { bias: false, stride: 2 }],
  ['depthwise', { bias: false, stride: 1, output: 2, depthwise: true }],
])('a convolution with its norm, %s', (_name, changes) => {
  const rng = new Rng(1, 'conv-norm');
  const options = { name: 'conv', size: 3, input: 2, output: 5, pad: 1, ...changes };
  const { stride, output } = options;
  const x = randomTensor<Rank.R4>(tf, rng.child('x'), [3, 6, 6, 2]);

  it('is at inference what the two are one after the other, within 1e-6', async () => {
    const layer = convNorm(engine, rng, options, 'norm');
    shakeNorms(engine, layer, rng.child('shake')); // the bias too
    const [convolution, norm] = [conv(engine, rng, options), batchNorm(engine, 'norm', output)];
    const apart = joinModules([convolution, norm]);
    assignTensors(engine, apart, await moduleTensors(engine, layer), 'the layer');
    const expected = norm.forward(convolution.forward(x, inference), inference);
    const found = layer.forward(x, inference);
    expect(found.shape).toEqual([3, 6 / stride, 6 / stride, output]);
    expectClose(numbers(found), numbers(expected), 1e-6);
  });
});
