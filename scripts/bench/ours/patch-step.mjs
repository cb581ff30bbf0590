import { labelTensor } from '../../../dist/nn/batch.js';
import { adam } from '../../../dist/nn/optimizer.js';
import { buildPatch, patchedLogits } from '../../../dist/repair/patch.js';
import { aroundStage } from '../../../dist/repair/stage-inputs.js';
import { bytes, factsOf, labels, openedFrozen } from './opened.mjs';
import { stepsOf } from './steps.mjs';

/** A step as `trainPatch` takes it, on each stage as often as `counts` says, with the maps around the stages there. */
export async function make(spec) {
  const { engine, network, rng } = await openedFrozen(spec);
  const patch = buildPatch(engine, rng.child('patch'), network, spec.structure);
  const target = labelTensor(engine, labels(network, spec.batch));
  const seen = bytes(network, spec.batch);
  const order = spec.counts.flatMap((count, stage) => Array(count).fill(stage));
  const maps = spec.counts.map((count, stage) =>
    count > 0 ? engine.tf.tidy(() => around(engine, network, seen, stage)) : undefined,
  );
  const take = stepsOf({
    engine,
    parameters: patch.parameters,
    optimizer: adam(engine, patch.parameters),
    learningRate: 1e-3,
    lossOf: (step) => {
      const stage = order[step % order.length];
      const { input, output } = maps[stage];
      return engine.kernels.meanCrossEntropy(
        patchedLogits(engine, network, patch, stage, input, output, true),
        target,
      );
    },
  });
  const round = () => take(order.length);
  return { engine: engine.id, facts: factsOf(network), warm: round, round };
}

function around(engine, network, seen, stage) {
  const { input, output } = aroundStage(engine, network, seen, stage);
  return { input, output };
}
