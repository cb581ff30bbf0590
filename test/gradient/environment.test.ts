import type { Rank, Tensor1D, Tensor2D, Tensor3D, Tensor4D } from '@tensorflow/tfjs';
import { describe, test } from 'vitest';

import { Rng } from '../../src/core/rng.js';
import { addOnLogits, buildAddOn } from '../../src/environment/add-on.js';
import { energyDistance, startModel, transformed } from '../../src/environment/model.js';
import { fromSpectra, spectraOf } from '../../src/environment/spectrum.js';
import { testEngine } from '../support/engine.js';
import { expectGradients } from '../support/gradient-check.js';
import { tinyNetwork } from '../support/networks.js';
import { expectParameterGradients } from '../support/parameter-gradients.js';
import { randomTensor } from '../support/tensors.js';

const engine = await testEngine();
const { tf } = engine;
const rng = new Rng(1, 'gradient/environment');

describe('the environment model', () => {
  test('energy distance, for descriptors, weights and what they are compared with', () => {
    const d = randomTensor<Rank.R3>(tf, rng.child('d'), [3, 2, 4]);
    const u = randomTensor<Rank.R2>(tf, rng.child('u'), [5, 4]);
    expectGradients(
      tf,
      (d: Tensor3D, weights: Tensor1D, u: Tensor2D) => energyDistance(engine, d, tf.softmax(weights), u),
      [d, tf.tensor1d([0.2, -0.4]), u],
    );
  });

  test('descriptors, for every parameter of the model', () => {
    const settings = { edges: [1, 8], components: 2, steps: 1, learningRate: 1 };
    const model = startModel(
      engine,
      { ...settings, cleanBatch: 1, noisyBatch: 1, flatness: 0 },
      rng.child('start'),
    );
    const power = tf.abs(randomTensor<Rank.R3>(tf, rng.child('power'), [2, 3, 2]));
    const mean = randomTensor<Rank.R2>(tf, rng.child('mean'), [2, 3]);
    const { logTransfer, logNoise, gain, shift } = model;
    expectParameterGradients(tf, () => transformed(engine, model, power, mean), [
      logTransfer,
      logNoise,
      gain,
      shift,
    ]);
  });
});

test('Fourier transform and back', () => {
  const x = randomTensor<Rank.R4>(tf, rng.child('x'), [1, 3, 4, 3]);
  expectGradients(
    tf,
    (x: Tensor4D) => {
      const { real, imaginary } = spectraOf(engine, x);
      return fromSpectra(engine, { real: tf.square(real), imaginary: tf.square(imaginary) });
    },
    [x],
  );
});

test.each(['depthwise', 'low-rank'] as const)('an add-on of %s, for everything that is trained', (kind) => {
  const addOn = buildAddOn(engine, tinyNetwork(engine), kind, rng.child(kind), 2);
  for (const { name, variable } of addOn.trained) {
    if (!name.includes('.add_on.')) continue;
    const values = rng.child(name).fillNormal(new Float32Array(variable.size));
    variable.assign(
      tf.tensor(
        values.map((value) => 0.3 * value),
        variable.shape,
      ),
    );
  }
  const x = randomTensor<Rank.R4>(tf, rng.child('images'), [2, 8, 8, 3]);
  expectParameterGradients(tf, () => addOnLogits(addOn, x, 'inference'), addOn.trained);
});
