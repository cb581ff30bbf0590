import type { NamedTensorMap, Rank, Scalar, Tensor, Tensor2D, Tensor4D, Variable } from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';

import { Rng } from '../../../src/core/rng.js';
import { lossGradients, withoutGradient } from '../../../src/engine/loss-gradients.js';
import { numbers } from '../../support/arrays.js';
import { testEngine } from '../../support/engine.js';
import { randomTensor } from '../../support/tensors.js';

const { tf, kernels } = await testEngine();
const rng = new Rng(1, 'loss-gradients');
const [first, second, unused] = ['first', 'second', 'unused'].map((name) =>
  tf.variable(randomTensor<Rank.R4>(tf, rng.child(name), [3, 3, 4, 4])),
) as [Variable<Rank.R4>, Variable<Rank.R4>, Variable<Rank.R4>];
const x = randomTensor<Rank.R4>(tf, rng.child('x'), [2, 6, 6, 4]);
const labels = tf.tensor1d([1, 0], 'int32');

/** Maps that are used twice, an output without a use, a sum, a concatenation: a bit of every network. */
function loss(): Scalar {
  return tf.tidy(() => {
    const a = kernels.relu(kernels.conv2d(x, first, 1, 1));
    const { y } = kernels.batchNormTrain(a, tf.ones<Rank.R1>([4]), tf.zeros<Rank.R1>([4]), 1e-5);
    const b = tf.add<Tensor4D>(kernels.conv2d(y, second, 1, 1), a);
    const c = kernels.maxPool(
      tf.concat<Tensor4D>([a, tf.addN([b, y]), kernels.conv2d(b, first, 1, 1)], 3),
      2,
      2,
      0,
    );
    return kernels.meanCrossEntropy(tf.mean<Tensor2D>(c, [1, 2]), labels);
  });
}

describe('lossGradients', () => {
  it('gives the bits of tf.variableGrads, and nothing for a variable that has no part in the loss', () => {
    const variables = [first, second, unused];
    const expected = tf.variableGrads(loss, variables);
    const found = lossGradients(tf, loss, variables);
    expect(Object.keys(found.grads)).toEqual([first.name, second.name]);
    expect(Object.keys(expected.grads)).toEqual(Object.keys(found.grads));
    expect(numbers(found.value)).toEqual(numbers(expected.value));
    for (const [name, gradient] of Object.entries(found.grads))
      expect(numbers(gradient)).toEqual(numbers(expected.grads[name]!));
  });

  it('leaves value and gradients behind and no other tensor', () => {
    const before = tf.memory().numTensors;
    const { value, grads } = lossGradients(tf, loss, [first, second]);
    expect(tf.memory().numTensors).toBe(before + 3);
    tf.dispose([value, ...Object.values(grads)]);
  });

  it('holds ever less on the way back, where tf.variableGrads holds ever more', () => {
    const weight = tf.variable<Rank>(tf.ones([1, 4]));
    const watched = (seen: number[]) =>
      tf.customGrad((input) => ({
        value: (input as Tensor).clone(),
        gradFunc: (dy: Tensor) => {
          seen.push(tf.memory().numTensors);
          return dy.clone();
        },
      }));
    const alive = (
      gradients: (f: () => Scalar, variables: Variable[]) => { value: Tensor; grads: NamedTensorMap },
    ) => {
      const seen: number[] = [];
      const watch = watched(seen);
      const { value, grads } = gradients(() => {
        let map: Tensor = weight;
        for (let k = 0; k < 5; k++) map = watch(kernels.relu(tf.mul(map, 2)));
        return tf.sum<Scalar>(map);
      }, [weight]);
      tf.dispose([value, ...Object.values(grads)]);
      return seen.map((count) => count - seen[0]!);
    };
    const frugal = alive((f, variables) => lossGradients(tf, f, variables));
    const usual = alive((f, variables) => tf.variableGrads(f, variables));
    frugal.slice(1).forEach((count, k) => expect(count).toBeLessThan(frugal[k]!));
    usual.slice(1).forEach((count, k) => expect(count).toBeGreaterThan(usual[k]!));
    weight.dispose();
  });

  it('keeps a gradient that an op passes on as it is', () => {
    const passed = tf.customGrad((input) => ({
      value: (input as Tensor).clone(),
      gradFunc: (dy: Tensor) => dy,
    }));
    const weight = tf.variable<Rank>(tf.tensor1d([2, 3]));
    const { grads } = lossGradients(tf, () => tf.sum<Scalar>(tf.square(passed(passed(weight)))), [weight]);
    expect(numbers(grads[weight.name]!)).toEqual([4, 6]);
  });
});

describe('withoutGradient', () => {
  const frozen = (): Tensor4D => kernels.quickGelu(kernels.quickGelu(kernels.conv2d(x, first, 1, 1)));

  it('makes the same values, keeps nothing else and gives no gradient', () => {
    let kept = NaN;
    const { grads } = lossGradients(tf, () => {
      const before = tf.memory().numTensors;
      const map = withoutGradient(tf, frozen);
      kept = tf.memory().numTensors - before;
      expect(numbers(map)).toEqual(numbers(frozen()));
      return tf.sum(kernels.conv2d(map, second, 1, 1));
    }, [first, second]);
    expect([kept, Object.keys(grads)]).toEqual([1, [second.name]]);
  });

  it('ends with what f throws', () => {
    const failing = () =>
      withoutGradient(tf, (): Tensor => {
        throw new Error('no batch');
      });
    expect(failing).toThrow('no batch');
    const { grads } = lossGradients(tf, () => tf.sum<Scalar>(frozen()), [first]);
    expect(Object.keys(grads)).toEqual([first.name]);
  });
});
