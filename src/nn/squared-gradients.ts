import type { Scalar, Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs';

import { InternalError } from '../core/errors.js';
import type { Engine } from '../engine/engine.js';
import { parameterCount, type Parameter } from './parameter.js';

/**
 * Sums, sample by sample, the squares of the gradient of every parameter that a pass meets, in one backward pass over
 * the whole batch. A layer with parameters gives its output to `watch`; when that output's gradient [n, h, w, c]
 * arrives, the layer works out from it each sample's gradient of its own parameters.
 */
export class SquaredGradients {
  readonly #engine: Engine;
  /** Every watched output depends on it, so the backward pass goes as far back as there are parameters. */
  readonly #origin: Scalar;
  readonly #parts: Tensor1D[] = [];
  #covered = 0;

  private constructor(engine: Engine, origin: Scalar) {
    this.#engine = engine;
    this.#origin = origin;
  }

  /**
   * The sums [n] for a sum of losses, one for each sample.
   * @throws {InternalError} PN145 unless exactly these parameters were met, each once: a layer that does not `watch`
   */
  static of(
    engine: Engine,
    parameters: readonly Parameter[],
    loss: (squares: SquaredGradients) => Scalar,
  ): Tensor1D {
    const { tf } = engine;
    return tf.tidy(() => {
      let squares: SquaredGradients | undefined;
      tf.grad((origin) => {
        squares = new SquaredGradients(engine, origin as Scalar);
        return tf.add(loss(squares), origin);
      })(tf.scalar(0));
      return squares!.#take(parameters);
    });
  }

  /**
   * @param x the layer's input, kept until the gradient arrives
   * @param squares from x and the output's gradient to the sum of squares of each sample, [n]
   * @returns y
   */
  watch(
    x: Tensor4D,
    y: Tensor4D,
    parameters: readonly Parameter[],
    squares: (x: Tensor4D, dy: Tensor4D) => Tensor1D,
  ): Tensor4D {
    const { tf } = this.#engine;
    const seen = tf.keep(x.clone());
    return tf.customGrad((output) => ({
      value: (output as Tensor4D).clone(),
      gradFunc: (dy: Tensor4D) => {
        this.#parts.push(tf.keep(tf.tidy(() => squares(seen, dy))));
        this.#covered += parameterCount(parameters);
        seen.dispose();
        return [dy.clone(), tf.zerosLike(this.#origin)];
      },
    }))(y, this.#origin);
  }

  #take(parameters: readonly Parameter[]): Tensor1D {
    const { tf } = this.#engine;
    const expected = parameterCount(parameters);
    const sum = this.#parts.length > 0 ? tf.addN(this.#parts) : tf.tensor1d([]);
    tf.dispose(this.#parts);
    if (this.#covered !== expected) {
      throw new InternalError('a layer keeps its gradients to itself', {
        code: 'PN145',
        where: `squares of ${this.#covered} parameters came in, of ${expected}`,
      });
    }
    return sum;
  }
}

/** Sum over all axes but the first of the squares. */
export function squaresOf({ tf }: Engine, gradients: Tensor): Tensor1D {
  const axes = Array.from({ length: gradients.rank - 1 }, (_, k) => k + 1);
  return tf.sum<Tensor1D>(tf.square(gradients), axes);
}
