import { afterEach, beforeEach, expect, it } from 'vitest';

import { derived, dropDerived } from '../../../src/nn/derived.js';
import { disposeModule, parameter, type Parameter } from '../../../src/nn/parameter.js';
import { numbers } from '../../support/arrays.js';
import { testEngine } from '../../support/engine.js';

const engine = await testEngine();
const { tf } = engine;
let weight: Parameter;
let made: number;
let before: number;

beforeEach(() => {
  dropDerived();
  before = tf.memory().numTensors;
  weight = parameter(tf, 'w', 'as-is', [2], Float32Array.of(1, 2));
  made = 0;
});
afterEach(() => {
  dropDerived();
  weight.variable.dispose();
});

const doubled = () =>
  derived(engine, () => {
    made++;
    return { label: 'doubled', value: [tf.mul(tf.add(weight.variable, 0), 2)] };
  });

it('is made once for as long as the variable holds what it holds, whoever tidies up around it', () => {
  const of = doubled();
  const [first, second] = [1, 2].map(() => {
    tf.tidy(() => void of([weight.variable]));
    return of([weight.variable]);
  });
  expect([made, second === first, numbers(first!.value[0]!)]).toEqual([1, true, [2, 4]]);
  expect(tf.memory().numTensors).toBe(before + 2);
});

it('is made again after an assignment, even of equal numbers, and the old one goes', () => {
  const of = doubled();
  of([weight.variable]);
  for (const next of [Float32Array.of(1, 2), Float32Array.of(5, 6)]) {
    tf.tidy(() => weight.variable.assign(tf.tensor1d(next)));
    expect(numbers(of([weight.variable]).value[0]!)).toEqual(Array.from(next, (v) => 2 * v));
  }
  expect(made).toBe(3);
  expect(tf.memory().numTensors).toBe(before + 2);
});

it('is made each time while a gradient is recorded, which flows through it', () => {
  const of = doubled();
  of([weight.variable]);
  const { grads } = tf.variableGrads(
    () => tf.sum(tf.square(of([weight.variable]).value[0]!)),
    [weight.variable],
  );
  expect(made).toBe(2);
  expect(numbers(Object.values(grads)[0]!)).toEqual([8, 16]); // of (2 w)^2
  tf.dispose(grads);
  of([weight.variable]);
  expect(made).toBe(2);
});

it('leaves a variable that is part of it to its owner', () => {
  const of = derived(engine, ([variable]) => [variable!]);
  expect(of([weight.variable])[0]).toBe(weight.variable);
  dropDerived();
  expect(numbers(weight.variable)).toEqual([1, 2]);
});

it('goes with its module, and comes again if somebody asks after all was dropped', () => {
  const other = parameter(tf, 'other', 'as-is', [1], Float32Array.of(3));
  const [of, ofOther] = [doubled(), derived(engine, () => tf.neg(other.variable))];
  of([weight.variable]);
  ofOther([other.variable]);
  const all = tf.memory().numTensors;
  disposeModule({ parameters: [other], buffers: [] });
  expect(tf.memory().numTensors).toBe(all - 2);
  of([weight.variable]);
  expect(made).toBe(1);
  dropDerived();
  expect(numbers(of([weight.variable]).value[0]!)).toEqual([2, 4]);
  expect(made).toBe(2);
});
