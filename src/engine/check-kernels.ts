import type { Rank, Tensor, Tensor1D, Tensor4D } from '@tensorflow/tfjs';

import type { Tf } from './engine.js';
import type { Kernels } from './kernels/index.js';

/**
 * Runs every kernel and its gradient once on small tensors. A TensorFlow that lacks an op, or that has it without the
 * attributes we set, is found here and not in the middle of an experiment.
 * @returns one line for each that does not work: "conv2d: No OpKernel was registered …"
 */
export function checkKernels(tf: Tf, kernels: Kernels): string[] {
  const trial = (f: (x: Tensor4D) => Tensor): void =>
    tf.tidy(
      () =>
        void tf
          .grad((x) => f(x as Tensor4D).sum())(tf.ones([2, 6, 6, 2]))
          .dataSync(),
    );
  const [one, zero] = [tf.ones([2]), tf.zeros([2])] as [Tensor1D, Tensor1D];
  const filter = tf.ones<Rank.R4>([3, 3, 2, 3]);
  const trials: Record<keyof Kernels, (x: Tensor4D) => Tensor> = {
    batchNormTrain: (x) => kernels.batchNormTrain(x, one, zero, 1e-5).y,
    batchNormInference: (x) => kernels.batchNormInference(x, one, zero, zero, one, 1e-5),
    relu: (x) => kernels.relu(x),
    relu6: (x) => kernels.relu6(x),
    quickGelu: (x) => kernels.quickGelu(x),
    conv2d: (x) => kernels.conv2d(x, filter, 2, 1),
    depthwiseConv2d: (x) => kernels.depthwiseConv2d(x, tf.ones<Rank.R4>([3, 3, 2, 1]), 2, 1),
    mixChannels: (x) => kernels.mixChannels(x, tf.ones([1, 1, 2, 3])),
    maxPool: (x) => kernels.maxPool(x, 3, 2, 1),
    globalAvgPool: (x) => kernels.globalAvgPool(x),
    sum: (x) => kernels.sum([x, x]),
    addBias: (x) => kernels.addBias(x, one),
    concatChannels: (x) => kernels.concatChannels([x, x]),
    patches: (x) => tf.mul(x, tf.sum(kernels.patches(x, 3, 2, 1))),
    avgPool: (x) => kernels.avgPool(x, 3, 2, 1),
    crossEntropy: (x) => kernels.crossEntropy(x.reshape([2, 72]), tf.tensor1d([0, 1], 'int32')),
    meanCrossEntropy: (x) => kernels.meanCrossEntropy(x.reshape([2, 72]), tf.tensor1d([0, 1], 'int32')),
  };
  const problems = Object.entries(trials).flatMap(([name, f]) => {
    try {
      trial(f);
      return [];
    } catch (error) {
      return [`${name}: ${error instanceof Error ? error.message : String(error)}`];
    }
  });
  tf.dispose([one, zero, filter]);
  return problems;
}
