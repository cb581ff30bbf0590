import { expect, it } from 'vitest';

import {
  allArrays,
  disposeModule,
  joinModules,
  parameter,
  parameterCount,
  type Module,
} from '../../../src/nn/parameter.js';
import { numbers } from '../../support/arrays.js';
import { testEngine } from '../../support/engine.js';

const { tf } = await testEngine();
const make = (name: string): Module => ({
  parameters: [parameter(tf, `${name}.weight`, 'as-is', [2, 2], Float32Array.of(1, 2, 3, 4))],
  buffers: [parameter(tf, `${name}.running_mean`, 'as-is', [3], Float32Array.of(5, 6, 7))],
});

it('a parameter is one tensor with the given values', () => {
  const before = tf.memory().numTensors;
  const { variable } = parameter(tf, 'w', 'as-is', [2, 2], Float32Array.of(1, 2, 3, 4));
  expect(tf.memory().numTensors).toBe(before + 1);
  expect([variable.shape, numbers(variable)]).toEqual([
    [2, 2],
    [1, 2, 3, 4],
  ]);
  variable.dispose();
});

it('joined modules list their arrays in order, parameters before buffers, and count the parameters alone', () => {
  const before = tf.memory().numTensors;
  const joined = joinModules([make('a'), make('b')]);
  expect(allArrays(joined).map(({ name }) => name)).toEqual([
    'a.weight',
    'b.weight',
    'a.running_mean',
    'b.running_mean',
  ]);
  expect(parameterCount(joined.parameters)).toBe(8);
  disposeModule(joined);
  expect(tf.memory().numTensors).toBe(before);
});
