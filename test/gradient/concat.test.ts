import type { Rank, Tensor4D } from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';

import { Rng } from '../../src/core/rng.js';
import { numbers } from '../support/arrays.js';
import { testEngine } from '../support/engine.js';
import { expectGradients } from '../support/gradient-check.js';
import { randomTensor } from '../support/tensors.js';

const { tf, kernels } = await testEngine();
const rng = new Rng(1, 'gradient/concat');
const maps = [2, 1, 3].map((c) => randomTensor<Rank.R4>(tf, rng.child(`${c}`), [2, 3, 2, c]));

describe('concatChannels', () => {
  test('lays maps side by side, and its gradient takes them apart', () => {
    expect(numbers(kernels.concatChannels(maps))).toEqual(numbers(tf.concat(maps, 3)));
    // Squares, so that each place has a slope of its own.
    expectGradients(tf, (...parts) => tf.square(kernels.concatChannels(parts)), maps);
  });

  test('with one map twice has both gradients', () => {
    expectGradients(tf, (x) => tf.square(kernels.concatChannels([x, x])), [maps[0]!]);
  });

  test('of a single map is that map', () => {
    expect(kernels.concatChannels([maps[1]!])).toBe(maps[1]);
  });

  test('keeps no map for the gradient', () => {
    tf.tidy(() => {
      tf.grad((x) => {
        const inside = tf.memory().numTensors;
        const joined = kernels.concatChannels([x, x] as unknown as Tensor4D[]);
        expect(tf.memory().numTensors - inside).toBe(1);
        return tf.sum(joined);
      })(maps[0]!);
    });
  });

  test('refuses maps of other sizes and none at all, with both shapes', () => {
    const other = tf.zeros<Rank.R4>([2, 3, 3, 1]);
    expect(() => kernels.concatChannels([maps[0]!, other])).toThrow(
      'concatChannels: [2,3,3,1] does not lie beside [2,3,2,2]',
    );
    expect(() => kernels.concatChannels([])).toThrow('at least one map');
  });
});
