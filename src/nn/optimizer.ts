import type { NamedTensorMap, Rank, Scalar, Tensor, Tensor1D } from '@tensorflow/tfjs';

import type { Engine } from '../engine/engine.js';
import type { Parameter } from './parameter.js';

/**
 * Takes steps on a list of parameters. All of them live in one flat vector: an update is a handful of large
 * operations instead of some for each parameter. A parameter without a gradient in a step counts as gradient 0.
 */
export interface Optimizer {
  /** @param gradients by variable name, as `tf.variableGrads` gives them */
  step(gradients: NamedTensorMap, learningRate: number): void;
  /** The state beside the parameters, for checkpoints. */
  state(): Promise<Map<string, Float32Array>>;
  restore(state: ReadonlyMap<string, Float32Array>): void;
  dispose(): void;
}

interface Rule {
  readonly slots: readonly string[];
  /** New values of the slots and what to subtract from the parameters. */
  update(
    gradient: Tensor1D,
    slots: readonly Tensor1D[],
    learningRate: number,
    step: number,
  ): { slots: Tensor1D[]; delta: Tensor1D };
}

export interface SgdOptions {
  readonly momentum: number;
  /** L2 on every parameter, added to the gradient as PyTorch does. */
  readonly weightDecay: number;
  /** Largest norm of the whole gradient; none unless given. */
  readonly clipNorm?: number;
}

/** SGD with Nesterov's momentum in PyTorch's form: v <- mu v + g; p <- p - lr (g + mu v). */
export function sgdNesterov(
  engine: Engine,
  parameters: readonly Parameter[],
  options: SgdOptions,
): Optimizer {
  const { tf } = engine;
  const rule: Rule = {
    slots: ['velocity'],
    update: (gradient, [velocity], learningRate) => {
      const next = tf.add<Tensor1D>(tf.mul(velocity!, options.momentum), gradient);
      const delta = tf.mul<Tensor1D>(tf.add(gradient, tf.mul(next, options.momentum)), learningRate);
      return { slots: [next], delta };
    },
  };
  return flatOptimizer(engine, parameters, rule, options.weightDecay, options.clipNorm);
}

/** Adam (Kingma & Ba 2015) with beta 0.9 and 0.999 and epsilon 1e-8 outside the root, as PyTorch's. */
export function adam(engine: Engine, parameters: readonly Parameter[], weightDecay = 0): Optimizer {
  const { tf } = engine;
  const rule: Rule = {
    slots: ['first', 'second'],
    update: (gradient, [first, second], learningRate, step) => {
      const m = tf.add<Tensor1D>(tf.mul(first!, 0.9), tf.mul(gradient, 0.1));
      const v = tf.add<Tensor1D>(tf.mul(second!, 0.999), tf.mul(tf.square(gradient), 0.001));
      const rootCorrection = Math.sqrt(1 - power(0.999, step));
      const denominator = tf.add(tf.div(tf.sqrt(v), rootCorrection), 1e-8);
      const delta = tf.mul<Tensor1D>(tf.div(m, denominator), learningRate / (1 - power(0.9, step)));
      return { slots: [m, v], delta };
    },
  };
  return flatOptimizer(engine, parameters, rule, weightDecay);
}

/** base^n by repeated multiplication: the same digits in every Node version, unlike Math.pow. */
function power(base: number, n: number): number {
  let result = 1;
  for (let factor = base, left = n; left > 0; left = Math.floor(left / 2), factor *= factor) {
    if (left % 2 === 1) result *= factor;
  }
  return result;
}

function flatOptimizer(
  engine: Engine,
  parameters: readonly Parameter[],
  rule: Rule,
  weightDecay: number,
  clipNorm?: number,
): Optimizer {
  const { tf } = engine;
  const sizes = parameters.map((p) => p.variable.size);
  const total = sizes.reduce((a, b) => a + b, 0);
  const join = (tensors: readonly Tensor[]) => tf.concat<Tensor1D>(tensors.map((t) => t.reshape([-1])));
  let flat = tf.keep(tf.tidy(() => join(parameters.map((p) => p.variable))));
  let slots = rule.slots.map(() => tf.keep(tf.zeros<Rank.R1>([total])));
  let steps = 0;

  const clipped = (gradient: Tensor1D): Tensor1D => {
    if (clipNorm === undefined) return gradient;
    const scale = tf.minimum(1, tf.div(clipNorm, tf.add(tf.norm(gradient) as Scalar, 1e-6)));
    return tf.mul<Tensor1D>(gradient, scale);
  };
  const replace = (nextFlat: Tensor1D, nextSlots: readonly Tensor1D[]): void => {
    tf.dispose([flat, ...slots]);
    flat = nextFlat;
    slots = [...nextSlots];
  };

  return {
    step(gradients, learningRate) {
      steps++;
      const [nextFlat, ...nextSlots] = tf.tidy(() => {
        const raw = clipped(
          join(parameters.map((p) => gradients[p.variable.name] ?? tf.zerosLike(p.variable))),
        );
        const gradient = weightDecay === 0 ? raw : tf.add<Tensor1D>(raw, tf.mul(flat, weightDecay));
        const { slots: updated, delta } = rule.update(gradient, slots, learningRate, steps);
        const next = tf.sub<Tensor1D>(flat, delta);
        tf.split(next, sizes).forEach((piece, i) => {
          const { variable } = parameters[i]!;
          variable.assign(piece.reshape(variable.shape));
        });
        return [next, ...updated];
      });
      replace(
        tf.keep(nextFlat),
        nextSlots.map((slot) => tf.keep(slot)),
      );
    },
    async state() {
      const entries = await Promise.all(
        rule.slots.map(async (name, i) => [name, (await slots[i]!.data()) as Float32Array] as const),
      );
      return new Map([...entries, ['steps', Float32Array.of(steps)] as const]);
    },
    restore(state) {
      const read = (name: string): Float32Array => {
        const values = state.get(name);
        if (!values) throw new RangeError(`the optimiser's state has no "${name}"`);
        return values;
      };
      steps = read('steps')[0]!;
      replace(
        tf.keep(tf.tidy(() => join(parameters.map((p) => p.variable)))),
        rule.slots.map((name) => tf.keep(tf.tensor1d(read(name)))),
      );
    },
    dispose() {
      tf.dispose([flat, ...slots]);
    },
  };
}
