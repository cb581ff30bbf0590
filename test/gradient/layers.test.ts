import type { Rank, Tensor4D } from '@tensorflow/tfjs';
import { describe, test } from 'vitest';

import { Rng } from '../../src/core/rng.js';
import { batchNorm } from '../../src/nn/batch-norm.js';
import { conv } from '../../src/nn/conv.js';
import { dense } from '../../src/nn/dense.js';
import { convNorm } from '../../src/nn/conv-norm.js';
import { dropout, dropoutFrom } from '../../src/nn/dropout.js';
import { inference, type Layer, type Mode } from '../../src/nn/parameter.js';
import { buildBody, normSites } from '../../src/repair/body.js';
import { batchStatistics, runningStatistics } from '../../src/repair/norm.js';
import { buildPatch } from '../../src/repair/patch.js';
import { OPERATIONS, type PatchStructure } from '../../src/repair/structure.js';
import { testEngine } from '../support/engine.js';
import { expectGradients } from '../support/gradient-check.js';
import { shakeNorms, tinyNetwork, wakePatch } from '../support/networks.js';
import { operationLayer } from '../support/operations.js';
import { expectParameterGradients } from '../support/parameter-gradients.js';
import { randomTensor, spacedTensor } from '../support/tensors.js';

const engine = await testEngine();
const { tf } = engine;
const rng = new Rng(1, 'gradient/layers');
const training: Mode = { training: true, dropout: { mask: (n) => new Float32Array(n).fill(1) } };

/** Both gradients of a layer: for its input and for each of its parameters. */
function check(layer: Layer<Tensor4D>, x: Tensor4D, mode: Mode = inference, options = {}): void {
  expectGradients(tf, (input: Tensor4D) => layer.forward(input, mode), [x], options);
  if (layer.parameters.length > 0)
    expectParameterGradients(tf, () => layer.forward(x, mode), layer.parameters, options);
}

describe('layers, for their input and every parameter', () => {
  test.each([
    { size: 3, stride: 1, pad: 1, bias: true },
    { size: 1, stride: 1, pad: 1, bias: true },
    { size: 1, stride: 2, pad: 0, bias: false },
    { size: 3, stride: 1, pad: 1, bias: false, depthwise: true },
    { size: 3, stride: 2, pad: 1, bias: true, depthwise: true },
  ])('conv $size x $size, stride $stride, pad $pad, depthwise $depthwise', (geometry) => {
    const output = geometry.depthwise ? 2 : 3;
    const layer = conv(engine, rng, { name: 'conv', input: 2, output, ...geometry });
    check(layer, randomTensor<Rank.R4>(tf, rng.child('conv'), [2, 4, 4, 2]));
  });

  test('dense', () => {
    const layer = dense(engine, rng, 'dense', 4, 3);
    const x = randomTensor<Rank.R2>(tf, rng.child('dense'), [2, 4]);
    expectGradients(tf, (input: typeof x) => layer.forward(input, inference), [x]);
    expectParameterGradients(tf, () => layer.forward(x, inference), layer.parameters);
  });

  test.each([
    ['in training', training],
    ['in inference', inference],
  ])('batch norm %s', (_name, mode) => {
    const layer = batchNorm(engine, 'norm', 3);
    shakeNorms(engine, layer, rng.child('norm'));
    check(layer, randomTensor<Rank.R4>(tf, rng.child('norm-x'), [2, 3, 3, 3]), mode);
  });

  test.each([
    ['in training', training, {}],
    ['in inference', inference, {}],
    ['in inference, depthwise', inference, { output: 2, depthwise: true }],
  ])('convolution and batch norm %s', (_name, mode, changes) => {
    const options = { name: 'conv', size: 3, input: 2, output: 3, pad: 1, bias: true, ...changes };
    const layer = convNorm(engine, rng, options, 'norm');
    shakeNorms(engine, layer, rng.child('conv-norm'));
    check(layer, randomTensor<Rank.R4>(tf, rng.child('conv-norm-x'), [2, 3, 3, 2]), mode);
  });

  test('dropout, with the same mask in each pass', () => {
    const layer = dropout(engine, 0.5);
    const x = randomTensor<Rank.R4>(tf, rng.child('dropout'), [2, 3, 3, 2]);
    const forward = (input: Tensor4D) =>
      layer.forward(input, { training: true, dropout: dropoutFrom(rng.child('mask')) });
    expectGradients(tf, forward, [x]);
  });

  // Spaced inputs: no step crosses the kink of a ReLU or changes which pixel is the largest.
  test.each(OPERATIONS.filter((name) => name !== 'identity'))('%s', (name) => {
    const x = spacedTensor<Rank.R4>(tf, rng.child(name), [1, 4, 4, 2]);
    check(operationLayer(engine, rng, name, 2), x, inference, { step: 1 / 128 });
  });
});

/** Smooth in its input and its weights: no ReLU meets a value that it did not meet before a small step. */
const smooth: PatchStructure = {
  nodes: 3,
  cells: [
    [
      { from: 1, to: 2, operations: ['avgpool3x3', 'identity'] },
      { from: 1, to: 3, operations: ['identity'] },
      { from: 2, to: 3, operations: ['avgpool3x3'] },
    ],
    [
      { from: 1, to: 2, operations: ['identity'] },
      { from: 1, to: 3, operations: [] },
      { from: 2, to: 3, operations: ['avgpool3x3', 'identity'] },
    ],
  ],
};
/** The first operation has a kink, which spaced inputs stay away from; behind it everything is smooth. */
const kinked: PatchStructure = {
  nodes: 3,
  cells: [
    [
      { from: 1, to: 2, operations: ['conv3x3', 'sepconv3x3', 'maxpool3x3'] },
      { from: 1, to: 3, operations: ['conv1x1'] },
      { from: 2, to: 3, operations: ['avgpool3x3'] },
    ],
  ],
};

describe.each([
  ['smooth', smooth],
  ['kinked', kinked],
])('the body of a %s patch', (_name, structure) => {
  const body = buildBody(engine, rng, structure, 2);
  const x = spacedTensor<Rank.R4>(tf, rng.child('body'), [1, 4, 4, 2]);
  // Norms of a norm: third derivatives are large, so the step is small and the tolerance wider.
  const options = { step: 1 / 512, tolerance: 5e-3 };

  test('with statistics of the batch', () => {
    const norm = batchStatistics(engine);
    expectGradients(tf, (input: Tensor4D) => body.select(structure)(input, norm), [x], options);
    expectParameterGradients(tf, () => body.select(structure)(x, norm), body.parameters, options);
  });

  test('with running statistics', () => {
    const norm = runningStatistics(engine, normSites(structure), 1, 2).inference(0);
    expectGradients(tf, (input: Tensor4D) => body.select(structure)(input, norm), [x], options);
    expectParameterGradients(tf, () => body.select(structure)(x, norm), body.parameters, options);
  });
});

test('a patch, for all its parameters: body, in- and align convolutions', () => {
  const patch = wakePatch(engine, buildPatch(engine, rng, tinyNetwork(engine), smooth));
  const x = randomTensor<Rank.R4>(tf, rng.child('patch'), [2, 8, 8, 4]);
  const used = patch.parameters.filter(({ name }) => !/^(in|align)[13]/.test(name)); // stage 2
  const options = { step: 1 / 512, tolerance: 5e-3 };
  expectParameterGradients(tf, () => patch.correction(1, x, true), used, options);
});
