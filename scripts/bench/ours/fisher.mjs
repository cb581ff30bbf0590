import { labelTensor } from '../../../dist/nn/batch.js';
import { fisherInformation } from '../../../dist/repair/fisher.js';
import { buildProbes } from '../../../dist/repair/probe.js';
import { factsOf, images, labels, openedFrozen } from './opened.mjs';

export async function make(spec) {
  const { engine, network, rng } = await openedFrozen(spec);
  const probes = buildProbes(engine, rng.child('probes'), network);
  const measure = async (count) => {
    const x = images(engine, network, count);
    const target = labelTensor(engine, labels(network, count));
    await fisherInformation(engine, network, probes, x, target);
    engine.tf.dispose([x, target]);
  };
  return {
    engine: engine.id,
    facts: factsOf(network),
    warm: () => measure(Math.min(25, spec.samples)),
    round: () => measure(spec.samples),
  };
}
