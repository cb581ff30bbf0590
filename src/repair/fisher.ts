import type { Scalar, Tensor1D, Tensor4D } from '@tensorflow/tfjs';

import type { Engine } from '../engine/engine.js';
import { forwardAll, type Network } from '../networks/network.js';
import { inference, parameterCount } from '../nn/parameter.js';
import type { Probe } from './probe.js';

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
  onSample: (done: number) => void = () => undefined,
): Promise<Float32Array> {
  const { tf } = engine;
  const count = x.shape[0];
  const stages = network.stages.length;
  const result = new Float32Array(count * stages);
  for (let n = 0; n < count; n++) {
    const values = tf.tidy(() => {
      const sample = tf.slice(x, [n, 0, 0, 0], [1, -1, -1, -1]);
      const label = tf.slice(labels, [n], [1]);
      const { maps } = forwardAll(network, sample);
      return tf.stack(
        network.stages.map((_, i) =>
          stageFisher(engine, network, probes[i]!, i, i === 0 ? sample : maps[i - 1]!, label),
        ),
      );
    });
    result.set(await values.data(), n * stages);
    values.dispose();
    onSample(n + 1);
  }
  return result;
}

function stageFisher(
  engine: Engine,
  network: Network,
  probe: Probe,
  index: number,
  input: Tensor4D,
  label: Tensor1D,
): Scalar {
  const { tf, kernels } = engine;
  const stage = network.stages[index]!;
  // The cross entropy of one sample is -log p(label | x); the sign is lost in the square.
  const minusLogLikelihood = (): Scalar => {
    const logits = probe.classify(probe.features(stage.forward(input, inference), inference), inference);
    return kernels.meanCrossEntropy(logits, label);
  };
  const { grads } = tf.variableGrads(
    minusLogLikelihood,
    stage.parameters.map((p) => p.variable),
  );
  const squares = Object.values(grads).map((gradient) => tf.sum(tf.square(gradient)));
  return tf.div(tf.addN(squares), parameterCount(stage.parameters));
}
