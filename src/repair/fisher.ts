import type { Scalar, Tensor1D, Tensor4D } from '@tensorflow/tfjs';

import type { Engine } from '../engine/engine.js';
import type { Network, Stage } from '../networks/network.js';
import { pieces } from '../nn/batch.js';
import { inference, parameterCount } from '../nn/parameter.js';
import { SquaredGradients } from '../nn/squared-gradients.js';
import type { Probe } from './probe.js';

/** Samples in one backward pass: enough to be quick, few enough for the patches of a wide layer. */
const batch = 25;

/**
 * Fisher information of every stage for single samples (Eqs. 6 and 7 with |B| = 1): the squared gradient of
 * log p(label | x) through probe i with respect to each parameter of stage i, averaged over these parameters.
 * Batch norms use their running statistics. Earlier stages are constants, so each gradient starts at stage i's input.
 * @param x [n, h, w, c], normalised
 * @param labels int32 [n], the true classes
 * @returns [n * stages], sample by sample
 */
export async function fisherInformation(
  engine: Engine,
  network: Network,
  probes: readonly Probe[],
  x: Tensor4D,
  labels: Tensor1D,
  onSamples: (done: number) => void = () => undefined,
): Promise<Float32Array> {
  const { tf } = engine;
  const count = x.shape[0];
  const stages = network.stages.length;
  const result = new Float32Array(count * stages);
  for (const [from, to] of pieces(count, batch)) {
    const values = tf.tidy(() => {
      let map = tf.slice(x, [from, 0, 0, 0], [to - from, -1, -1, -1]);
      const target = tf.slice(labels, [from], [to - from]);
      const ofStages = network.stages.map((stage, i) => {
        const { output, fisher } = stageFisher(engine, stage, probes[i]!, map, target);
        map.dispose();
        map = output;
        return fisher;
      });
      map.dispose();
      return tf.stack(ofStages, 1);
    });
    result.set(await values.data(), from * stages);
    values.dispose();
    onSamples(to);
  }
  return result;
}

/** @returns the stage's output, and a number for each sample, [n] */
function stageFisher(
  engine: Engine,
  stage: Stage,
  probe: Probe,
  input: Tensor4D,
  labels: Tensor1D,
): { output: Tensor4D; fisher: Tensor1D } {
  const { tf, kernels } = engine;
  let output = input;
  // Samples do not meet at inference: the gradient of the sum is that of each sample for itself. The cross entropy of
  // one sample is -log p(label | x); the sign is lost in the square.
  const sums = SquaredGradients.of(engine, stage.parameters, (squares) => {
    output = stage.forward(input, { training: false, squares });
    const logits = probe.classify(probe.features(output, inference), inference);
    output = tf.keep(output.clone());
    return tf.sum<Scalar>(kernels.crossEntropy(logits, labels));
  });
  return { output, fisher: tf.div(sums, parameterCount(stage.parameters)) };
}
