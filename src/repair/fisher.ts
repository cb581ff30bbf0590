import type { Tensor1D, Tensor4D } from '@tensorflow/tfjs';

import type { Engine } from '../engine/engine.js';
import type { Network } from '../networks/network.js';
import { pieces } from '../nn/batch.js';
import { inference, parameterCount } from '../nn/parameter.js';
import { SquaredGradients } from '../nn/squared-gradients.js';
import type { Probe } from './probe.js';
import { stageInputs } from './stage-inputs.js';

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
      const samples = tf.slice(x, [from, 0, 0, 0], [to - from, -1, -1, -1]);
      const target = tf.slice(labels, [from], [to - from]);
      return tf.stack(
        stageInputs(engine, network, samples).map((input, i) =>
          stageFisher(engine, network, probes[i]!, i, input, target),
        ),
        1,
      );
    });
    result.set(await values.data(), from * stages);
    values.dispose();
    onSamples(to);
  }
  return result;
}

/** [n] */
function stageFisher(
  engine: Engine,
  network: Network,
  probe: Probe,
  index: number,
  input: Tensor4D,
  labels: Tensor1D,
): Tensor1D {
  const { tf, kernels } = engine;
  const stage = network.stages[index]!;
  const squares = new SquaredGradients(engine);
  // Samples do not meet at inference: the gradient of the sum is that of each sample for itself. The cross entropy of
  // one sample is -log p(label | x); the sign is lost in the square.
  tf.grad((x) => {
    const map = stage.forward(x as Tensor4D, { training: false, squares });
    const logits = probe.classify(probe.features(map, inference), inference);
    return tf.sum(kernels.crossEntropy(logits, labels));
  })(input);
  return tf.div(squares.take(stage.parameters), parameterCount(stage.parameters));
}
