import { labelTensor } from '../../../dist/nn/batch.js';
import { sgdNesterov } from '../../../dist/nn/optimizer.js';
import { buildHyperPatch, needsMuchMemory } from '../../../dist/repair/hyper-patch.js';
import { stageInputs } from '../../../dist/repair/stage-inputs.js';
import { factsOf, images, openedFrozen } from './opened.mjs';
import { stepsOf } from './steps.mjs';

/** Quarter turns. */
const classes = 4;

/** A step as the `search` stage takes it, for the task of rotation, with the inputs of all stages there. */
export async function make(spec) {
  const { engine, network, rng } = await openedFrozen(spec);
  const hyperPatch = buildHyperPatch(engine, rng.child('weights'), network, {
    ...{ ...spec.space, classes },
    savesMemory: needsMuchMemory(network, spec.space, spec.batch),
  });
  const inputs = engine.tf.tidy(() => stageInputs(engine, network, images(engine, network, spec.batch)));
  const target = {
    labels: labelTensor(
      engine,
      Array.from({ length: spec.batch }, (_, n) => n % classes),
    ),
  };
  const take = stepsOf({
    engine,
    parameters: hyperPatch.parameters,
    optimizer: sgdNesterov(engine, hyperPatch.parameters, { momentum: 0.9, weightDecay: 0, clipNorm: 5 }),
    learningRate: 0.025,
    lossOf: () => hyperPatch.loss(inputs, spec.active, target),
  });
  return {
    engine: engine.id,
    facts: { ...factsOf(network), classes },
    warm: () => take(1),
    round: () => take(spec.steps),
  };
}
