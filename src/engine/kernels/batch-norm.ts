import type { NamedTensorMap, Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs';

import type { Tf } from '../engine.js';
import { defineOp } from './define-op.js';
import { checkImages } from './geometry.js';
import type { Kernels } from './index.js';
import { rawOps } from './raw.js';

interface TrainInputs extends NamedTensorMap {
  x: Tensor4D;
  scale: Tensor1D;
  shift: Tensor1D;
}
interface InferenceInputs extends TrainInputs {
  mean: Tensor1D;
  variance: Tensor1D;
}
interface Settings {
  readonly epsilon: number;
}

function attrsOf(tf: Tf, epsilon: number, isTraining: boolean) {
  const { float, string, bool, type } = rawOps(tf);
  return [
    type('float32'),
    type('float32', 'U'),
    float('epsilon', epsilon),
    string('data_format', 'NHWC'),
    bool('is_training', isTraining),
  ];
}

function checkShapes(op: string, x: Tensor, perChannel: Readonly<Record<string, Tensor>>): void {
  checkImages(op, x);
  for (const [name, tensor] of Object.entries(perChannel))
    if (tensor.rank !== 1 || tensor.shape[0] !== x.shape[3])
      throw new RangeError(
        `${op}: ${name} must be [${x.shape[3]}] for an input of [${x.shape}] but got [${tensor.shape}]`,
      );
}

/**
 * FusedBatchNormV3 over the batch. Its outputs: y; mean; variance, already unbiased (n / (n - 1)); and three tensors
 * that only its own gradient understands (on a CPU mean and biased variance, on a GPU what cuDNN kept).
 */
export function createBatchNormTrain(tf: Tf): Kernels['batchNormTrain'] {
  const { many } = rawOps(tf);
  const run = defineOp<TrainInputs, Settings>(tf, {
    name: 'BatchNormTrain',
    forward: ({ x, scale, shift }, { epsilon }) => {
      const none = tf.tensor1d([], 'float32'); // no running statistics to mix in: layers keep their own
      const outputs = many('FusedBatchNormV3', attrsOf(tf, epsilon, true), [x, scale, shift, none, none], 6);
      none.dispose();
      return outputs;
    },
    inputsToSave: ['x', 'scale'],
    outputsToSave: [false, false, false, true, true, true],
    gradient: (dy, [x, scale, ...reserved], { epsilon }) => {
      const [dx, dScale, dShift] = gradients(tf, true, epsilon, [dy, x!, scale!, ...reserved]);
      return { x: () => dx!, scale: () => dScale!, shift: () => dShift! };
    },
  });
  return (x, scale, shift, epsilon) => {
    checkShapes('batchNormTrain', x, { scale, shift });
    const [y, mean, variance, ...reserved] = run({ x, scale, shift }, { epsilon });
    tf.dispose(reserved); // the tape holds its own references while it needs them
    return { y: y as Tensor4D, mean: mean as Tensor1D, variance: variance as Tensor1D };
  };
}

/** FusedBatchNormV3 with given statistics, which are constants here: no gradient flows into them. */
export function createBatchNormInference(tf: Tf): Kernels['batchNormInference'] {
  const { many } = rawOps(tf);
  const run = defineOp<InferenceInputs, Settings>(tf, {
    name: 'BatchNormInference',
    forward: ({ x, scale, shift, mean, variance }, { epsilon }) => {
      const inputs = [x, scale, shift, mean, variance];
      const [y, ...rest] = many('FusedBatchNormV3', attrsOf(tf, epsilon, false), inputs, 6);
      tf.dispose(rest);
      return [y!];
    },
    inputsToSave: ['x', 'scale', 'mean', 'variance'],
    gradient: (dy, [x, scale, mean, variance], { epsilon }) => {
      const [dx, dScale, dShift] = gradients(tf, false, epsilon, [
        dy,
        x!,
        scale!,
        mean!,
        variance!,
        tf.tensor1d([], 'float32'),
      ]);
      return { x: () => dx!, scale: () => dScale!, shift: () => dShift! };
    },
  });
  return (x, scale, shift, mean, variance, epsilon) => {
    checkShapes('batchNormInference', x, { scale, shift, mean, variance });
    return run({ x, scale, shift, mean, variance }, { epsilon })[0] as Tensor4D;
  };
}

function gradients(tf: Tf, isTraining: boolean, epsilon: number, inputs: readonly Tensor[]): Tensor[] {
  const [dx, dScale, dShift, ...rest] = rawOps(tf).many(
    'FusedBatchNormGradV3',
    attrsOf(tf, epsilon, isTraining),
    inputs,
    5,
  );
  tf.dispose(rest);
  return [dx!, dScale!, dShift!];
}
