import { forwardFrom } from '../../../dist/networks/network.js';
import { trainingMode } from '../../../dist/networks/training-loss.js';
import { labelTensor } from '../../../dist/nn/batch.js';
import { sgdNesterov } from '../../../dist/nn/optimizer.js';
import { factsOf, images, labels, opened } from './opened.mjs';
import { stepsOf } from './steps.mjs';

/** The images are there: a step is forward, loss, backward and SGD. */
export async function make(spec) {
  const { engine, network, rng } = await opened(spec);
  const x = images(engine, network, spec.batch);
  const target = labelTensor(engine, labels(network, spec.batch));
  const take = stepsOf({
    engine,
    parameters: network.parameters,
    optimizer: sgdNesterov(engine, network.parameters, { momentum: 0.9, weightDecay: 5e-4 }),
    learningRate: 0.01,
    lossOf: (step) =>
      engine.kernels.meanCrossEntropy(forwardFrom(network, x, 0, trainingMode({ step }, rng)), target),
  });
  return {
    engine: engine.id,
    facts: factsOf(network),
    warm: () => take(1),
    round: () => take(spec.steps),
  };
}
