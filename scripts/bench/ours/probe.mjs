import { withoutGradient } from '../../../dist/engine/loss-gradients.js';
import { forwardAll } from '../../../dist/networks/network.js';
import { labelTensor } from '../../../dist/nn/batch.js';
import { dropNothing } from '../../../dist/nn/dropout.js';
import { sgdNesterov } from '../../../dist/nn/optimizer.js';
import { joinModules } from '../../../dist/nn/parameter.js';
import { buildProbes } from '../../../dist/repair/probe.js';
import { factsOf, images, labels, openedFrozen } from './opened.mjs';
import { stepsOf } from './steps.mjs';

/** A step as the `probe` stage takes it, of images that are there. */
export async function make(spec) {
  const { engine, network, rng } = await openedFrozen(spec);
  const probes = buildProbes(engine, rng.child('probes'), network);
  const { parameters } = joinModules(probes);
  const x = images(engine, network, spec.batch);
  const target = labelTensor(engine, labels(network, spec.batch));
  const training = { training: true, dropout: dropNothing };
  const take = stepsOf({
    engine,
    parameters,
    optimizer: sgdNesterov(engine, parameters, { momentum: 0.9, weightDecay: 5e-4 }),
    learningRate: 0.01,
    lossOf: () => {
      const { maps } = withoutGradient(engine.tf, () => forwardAll(network, x));
      return engine.kernels.sum(
        probes.map((probe, i) =>
          engine.kernels.meanCrossEntropy(
            probe.classify(probe.features(maps[i], training), training),
            target,
          ),
        ),
      );
    },
  });
  return {
    engine: engine.id,
    facts: factsOf(network),
    warm: () => take(1),
    round: () => take(spec.steps),
  };
}
