import type { NamedTensorMap } from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';

import { Rng } from '../../../src/core/rng.js';
import { adam, sgdNesterov, type Optimizer } from '../../../src/nn/optimizer.js';
import { parameter, type Parameter } from '../../../src/nn/parameter.js';
import { expectClose, numbers } from '../../support/arrays.js';
import { testEngine } from '../../support/engine.js';

const engine = await testEngine();
const { tf } = engine;
const shapes = [[2, 3], [4], [1]];
const rates = [0.1, 0.1, 0.05, 0.2, 0.01, 0.1];

/** Starting values and the gradients of each step: float32 numbers, so that the double reference has the same. */
function draw(name: string, scale = 1): Float32Array[] {
  const rng = new Rng(1, name);
  return shapes.map((shape) =>
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => rng.normal() * scale),
  );
}
const start = draw('start');
const gradientsOf = (step: number): Float32Array[] => draw(`gradient/${step}`, step % 2 === 0 ? 1 : 10);

function makeParameters(values: readonly Float32Array[] = start): Parameter[] {
  return values.map((data, i) => parameter(tf, `p${i}`, 'as-is', shapes[i]!, data));
}

function named(parameters: readonly Parameter[], gradients: readonly Float32Array[]): NamedTensorMap {
  return Object.fromEntries(
    parameters.map(({ variable }, i) => [variable.name, tf.tensor(gradients[i]!, shapes[i])]),
  );
}

function take(optimizer: Optimizer, parameters: readonly Parameter[], from: number, to: number): void {
  for (let step = from; step < to; step++) {
    const gradients = named(parameters, gradientsOf(step));
    optimizer.step(gradients, rates[step]!);
    tf.dispose(gradients);
  }
}

const valuesOf = (parameters: readonly Parameter[]) => parameters.flatMap((p) => numbers(p.variable));

/** One number's way in double precision. @param rule what to subtract in step t, counted from 1 */
type Rule = () => (p: number, gradient: number, rate: number, t: number) => number;

/** @param clip the largest norm of a step's whole gradient */
function reference(rule: Rule, clip = Infinity): number[] {
  const values = start.flatMap((data) => [...data]);
  const rules = values.map(() => rule());
  rates.forEach((rate, step) => {
    const raw = gradientsOf(step).flatMap((data) => [...data]);
    const norm = Math.sqrt(raw.reduce((sum, g) => sum + g * g, 0));
    const factor = Math.min(1, clip / (norm + 1e-6)); // torch.nn.utils.clip_grad_norm_
    raw.forEach((g, i) => (values[i]! -= rules[i]!(values[i]!, g * factor, rate, step + 1)));
  });
  return values;
}

/** torch.optim.SGD(momentum, weight_decay, nesterov=True) */
const torchSgd =
  (momentum: number, weightDecay: number): Rule =>
  () => {
    let buffer: number | undefined;
    return (p, gradient, rate) => {
      const g = gradient + weightDecay * p;
      buffer = buffer === undefined ? g : momentum * buffer + g;
      return rate * (g + momentum * buffer);
    };
  };

/** torch.optim.Adam(betas=(0.9, 0.999), eps=1e-8, weight_decay) */
const torchAdam =
  (weightDecay: number): Rule =>
  () => {
    let [m, v] = [0, 0];
    return (p, gradient, rate, t) => {
      const g = gradient + weightDecay * p;
      m = 0.9 * m + 0.1 * g;
      v = 0.999 * v + 0.001 * g * g;
      return (rate * (m / (1 - 0.9 ** t))) / (Math.sqrt(v) / Math.sqrt(1 - 0.999 ** t) + 1e-8);
    };
  };

// Six steps of numbers up to 30 in float32: 1e-5 relative leaves some hundred roundings.
describe('six steps equal PyTorch in double precision within 1e-5', () => {
  const cases: [string, (parameters: Parameter[]) => Optimizer, Rule, number?][] = [
    ['SGD with momentum', (p) => sgdNesterov(engine, p, { momentum: 0.9, weightDecay: 0 }), torchSgd(0.9, 0)],
    [
      'SGD with weight decay on every parameter',
      (p) => sgdNesterov(engine, p, { momentum: 0.9, weightDecay: 0.05 }),
      torchSgd(0.9, 0.05),
    ],
    [
      'SGD clipped in some steps and not in others',
      (p) => sgdNesterov(engine, p, { momentum: 0.9, weightDecay: 0.05, clipNorm: 5 }),
      torchSgd(0.9, 0.05),
      5,
    ],
    ['Adam', (p) => adam(engine, p), torchAdam(0)],
    ['Adam with weight decay', (p) => adam(engine, p, 0.05), torchAdam(0.05)],
  ];
  it.each(cases)('%s', (_name, make, rule, clip) => {
    const parameters = makeParameters();
    const optimizer = make(parameters);
    take(optimizer, parameters, 0, rates.length);
    expectClose(valuesOf(parameters), reference(rule, clip), 1e-5);
    optimizer.dispose();
  });

  it('the drawn gradients lie on both sides of the clipping norm', () => {
    const norms = rates.map((_, step) =>
      Math.sqrt(gradientsOf(step).reduce((sum, data) => sum + data.reduce((s, g) => s + g * g, 0), 0)),
    );
    expect(Math.min(...norms)).toBeLessThan(5);
    expect(Math.max(...norms)).toBeGreaterThan(5);
  });
});

const kinds: [string, (parameters: Parameter[]) => Optimizer][] = [
  ['SGD', (p) => sgdNesterov(engine, p, { momentum: 0.9, weightDecay: 0.01, clipNorm: 5 })],
  ['Adam', (p) => adam(engine, p, 0.01)],
];

describe.each(kinds)('%s', (_name, make) => {
  it('goes on from its state to the same bits', async () => {
    const straight = makeParameters();
    const first = make(straight);
    take(first, straight, 0, 3);
    const state = await first.state();
    const resumed = makeParameters(straight.map((p) => Float32Array.from(numbers(p.variable))));
    const second = make(resumed);
    second.restore(state);
    take(first, straight, 3, 6);
    take(second, resumed, 3, 6);
    expect(valuesOf(resumed)).toEqual(valuesOf(straight));
    expect(await second.state()).toEqual(await first.state());
  });

  it('starts from the values that parameters have when it is restored', async () => {
    const parameters = makeParameters(draw('other'));
    const optimizer = make(parameters);
    const state = await optimizer.state();
    start.forEach((data, i) => parameters[i]!.variable.assign(tf.tensor(data, shapes[i])));
    optimizer.restore(state);
    take(optimizer, parameters, 0, 6);
    const fresh = makeParameters();
    take(make(fresh), fresh, 0, 6);
    expect(valuesOf(parameters)).toEqual(valuesOf(fresh));
  });

  it('takes a missing gradient for zeros', () => {
    const [some, all] = [makeParameters(), makeParameters()];
    const [withGap, whole] = [make(some), make(all)];
    for (let step = 0; step < 3; step++) {
      const gradients = gradientsOf(step);
      const partial = Object.fromEntries(
        Object.entries(named(some, gradients)).filter(([name]) => name !== some[1]!.variable.name),
      );
      withGap.step(partial, 0.1);
      whole.step(named(all, [gradients[0]!, new Float32Array(4), gradients[2]!]), 0.1);
    }
    expect(valuesOf(some)).toEqual(valuesOf(all));
  });

  it('makes no tensors that stay, and disposes of its own', () => {
    const parameters = makeParameters();
    const before = tf.memory().numTensors;
    const optimizer = make(parameters);
    const held = tf.memory().numTensors;
    take(optimizer, parameters, 0, 6);
    expect(tf.memory().numTensors).toBe(held);
    optimizer.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses a state of another kind', () => {
    const parameters = makeParameters();
    expect(() => make(parameters).restore(new Map([['steps', Float32Array.of(1)]]))).toThrow(
      /^the optimiser's state has no "(velocity|first)"$/,
    );
  });
});
