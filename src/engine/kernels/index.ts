import type { Scalar, Tensor, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs';

import type { Tf } from '../engine.js';
import type { Precision } from '../precision.js';
import { createAddBias, createSum } from './add.js';
import { createBatchNormInference, createBatchNormTrain } from './batch-norm.js';
import { createConcatChannels } from './concat.js';
import { createConv2d, createDepthwiseConv2d, createMixChannels } from './conv.js';
import { createCrossEntropy } from './cross-entropy.js';
import { createPatches } from './patches.js';
import { createAvgPool, createGlobalAvgPool, createMaxPool } from './pool.js';
import { createQuickGelu } from './quick-gelu.js';
import { createRelu, createRelu6 } from './relu.js';

/**
 * Operations that TensorFlow has fused and tf.js takes apart, each with its gradient. Images are
 * [batch, height, width, channels]; filters [height, width, in, out] (depthwise [height, width, channels, 1]);
 * `pad` is symmetric, in pixels, as in PyTorch. Shape mistakes throw a RangeError that names both shapes.
 */
export interface Kernels {
  /** Batch norm by the statistics of this batch. `mean` and `variance` (unbiased, as PyTorch keeps it) carry no gradient. */
  batchNormTrain(
    x: Tensor4D,
    scale: Tensor1D,
    shift: Tensor1D,
    epsilon: number,
  ): { y: Tensor4D; mean: Tensor1D; variance: Tensor1D };
  /** Batch norm by given statistics; gradients for x, scale and shift. */
  batchNormInference(
    x: Tensor4D,
    scale: Tensor1D,
    shift: Tensor1D,
    mean: Tensor1D,
    variance: Tensor1D,
    epsilon: number,
  ): Tensor4D;
  relu<T extends Tensor>(x: T): T;
  /** min(max(x, 0), 6) */
  relu6<T extends Tensor>(x: T): T;
  /** x * sigmoid(1.702 x), the quick form of GELU. */
  quickGelu<T extends Tensor>(x: T): T;
  conv2d(x: Tensor4D, filter: Tensor4D, stride: number, pad: number): Tensor4D;
  depthwiseConv2d(x: Tensor4D, filter: Tensor4D, stride: number, pad: number): Tensor4D;
  /** A 1x1 convolution by a constant filter [1, 1, in, out]: no gradient for it, and x is not kept. */
  mixChannels(x: Tensor4D, filter: Tensor4D): Tensor4D;
  maxPool(x: Tensor4D, size: number, stride: number, pad: number): Tensor4D;
  /** Padding does not count in the mean (PyTorch's count_include_pad=False). */
  avgPool(x: Tensor4D, size: number, stride: number, pad: number): Tensor4D;
  /** The mean of each channel: [n, h, w, c] to [n, c]. */
  globalAvgPool(x: Tensor4D): Tensor2D;
  /** The sum of tensors of one shape, none of which is kept; a single one as it is. */
  sum<T extends Tensor>(terms: readonly T[]): T;
  /** A number [c] for each channel on top of [n, h, w, c]. */
  addBias(x: Tensor4D, bias: Tensor1D): Tensor4D;
  /** Maps of one size side by side: [n, h, w, c_i] to [n, h, w, sum of c_i]; a single map as it is. */
  concatChannels(maps: readonly Tensor4D[]): Tensor4D;
  /** What each window of a convolution sees: [n, h', w', size^2 x c], row by row. Without a gradient. */
  patches(x: Tensor4D, size: number, stride: number, pad: number): Tensor4D;
  /** Cross entropy of each sample: logits [n, classes], labels int32 [n] -> [n]. */
  crossEntropy(logits: Tensor2D, labels: Tensor1D): Tensor1D;
  /** Mean of the above. */
  meanCrossEntropy(logits: Tensor2D, labels: Tensor1D): Scalar;
}

/**
 * Registers the kernels with `tf`, whose backend must be TensorFlow under Node. Once for each `tf`.
 * @param precision of `conv2d` and `mixChannels` and their gradients; all others are float32
 */
export function createKernels(tf: Tf, precision: Precision = 'float32'): Kernels {
  const crossEntropy = createCrossEntropy(tf);
  return {
    batchNormTrain: createBatchNormTrain(tf),
    batchNormInference: createBatchNormInference(tf),
    relu: createRelu(tf),
    relu6: createRelu6(tf),
    quickGelu: createQuickGelu(tf),
    conv2d: createConv2d(tf, precision),
    depthwiseConv2d: createDepthwiseConv2d(tf),
    mixChannels: createMixChannels(tf, precision),
    maxPool: createMaxPool(tf),
    avgPool: createAvgPool(tf),
    globalAvgPool: createGlobalAvgPool(tf),
    sum: createSum(tf),
    addBias: createAddBias(tf),
    concatChannels: createConcatChannels(tf),
    patches: createPatches(tf),
    crossEntropy,
    meanCrossEntropy: (logits, labels) => tf.tidy(() => tf.mean<Scalar>(crossEntropy(logits, labels))),
  };
}
