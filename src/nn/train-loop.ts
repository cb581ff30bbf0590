import type { Scalar, Variable } from '@tensorflow/tfjs';

import { StageError } from '../core/errors.js';
import type { Engine } from '../engine/engine.js';
import { lossGradients } from '../engine/loss-gradients.js';
import type { Optimizer } from './optimizer.js';
import type { Parameter } from './parameter.js';
import type { Schedule } from './schedule.js';

export interface TrainLoop {
  readonly engine: Engine;
  readonly parameters: readonly Parameter[];
  readonly optimizer: Optimizer;
  readonly schedule: Schedule;
  /** Steps [from, to) are taken. */
  readonly from: number;
  readonly to: number;
  /** Makes what a step needs beforehand, outside of the gradient's tape. */
  readonly prepare?: (step: number) => Promise<void>;
  /** Builds the loss of a step; runs inside the gradient's tape and may make tensors freely. */
  readonly loss: (step: number) => Scalar;
  readonly signal: AbortSignal;
  readonly onStep?: (step: number, loss: number) => void;
  /** What a person still has when training fails; it is told with the failure. */
  readonly kept?: string;
}

/**
 * Takes the steps and returns their mean loss. Between steps the event loop runs, so that progress goes out and a
 * cancellation is heard.
 * @throws {StageError} PN510 when the loss, or a weight after the last step, is not finite; with step and learning
 * rate.
 */
export async function trainSteps(loop: TrainLoop): Promise<number> {
  const { engine, optimizer, schedule, signal } = loop;
  const variables = loop.parameters.map((p) => p.variable);
  let sum = 0;
  for (let step = loop.from; step < loop.to; step++) {
    signal.throwIfAborted();
    await loop.prepare?.(step);
    const learningRate = schedule(step);
    const { value, grads } = lossGradients(engine.tf, () => loop.loss(step), variables);
    const loss = (await value.data())[0]!;
    if (!Number.isFinite(loss)) throw diverged(`the loss became ${loss}`, loop, step);
    optimizer.step(grads, learningRate);
    engine.tf.dispose([value, ...Object.values(grads)]);
    sum += loss;
    loop.onStep?.(step, loss);
    await new Promise(setImmediate);
  }
  if (loop.to > loop.from && !areFinite(engine, variables))
    throw diverged('weights became infinite or NaN', loop, loop.to - 1);
  return sum / Math.max(1, loop.to - loop.from);
}

function diverged(what: string, { schedule, kept }: TrainLoop, step: number): StageError {
  const cure = 'Lower the learning rate or check the weights that training starts from.';
  return new StageError(what, {
    code: 'PN510',
    where: `step ${step}, learning rate ${schedule(step).toPrecision(3)}`,
    fix: kept === undefined ? cure : `${cure}\n${kept}`,
  });
}

function areFinite({ tf }: Engine, variables: readonly Variable[]): boolean {
  return tf.tidy(() => {
    const each = variables.map((variable) => tf.all(tf.isFinite(variable)));
    return tf.all(tf.stack(each)).dataSync()[0] === 1;
  });
}
