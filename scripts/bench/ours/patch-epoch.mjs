import { tmpdir } from 'node:os';

import { trainPatch } from '../../../dist/repair/patch-training.js';
import { buildPatch } from '../../../dist/repair/patch.js';
import { between, now, plus, times } from '../clock.mjs';
import { bytes, factsOf, labels, openedFrozen } from './opened.mjs';

/**
 * `trainPatch` for one pass. Making the feature maps that it keeps is told apart from the pass: what is done by the end
 * of the first step, less a step, which is the mean of those that follow.
 */
export async function make(spec) {
  const { engine, network, rng } = await openedFrozen(spec);
  const train = async (count) => {
    const patch = buildPatch(engine, rng.child('patch'), network, spec.structure);
    const samples = {
      images: bytes(network, count),
      labels: Uint8Array.from(labels(network, count)),
      stage: stagesOf(count, spec.spread),
      isFailure: Uint8Array.from({ length: count }, (_, n) => (n % 27 === 0 ? 1 : 0)), // 100 of 2,700
    };
    const before = now();
    let first;
    let last;
    let steps = 0;
    await trainPatch(engine, network, patch, samples, rng.child('batches'), {
      epochs: 1,
      batch: spec.batch,
      learningRate: 1e-3,
      failureShare: 0.25,
      memoryBytes: 2e9, // the default of engine.memory
      scratchDir: tmpdir(),
      signal: new AbortController().signal,
      onStep: () => {
        last = now();
        first ??= last;
        steps++;
      },
    });
    for (const { variable } of [...patch.parameters, ...patch.buffers]) variable.dispose();
    const step = times(between(first, last), 1 / (steps - 1));
    const features = plus(between(before, first), times(step, -1));
    const epoch = times(step, steps);
    return {
      ...plus(epoch, times(features, 1 / spec.passes)),
      parts: { featureSeconds: features.seconds, epochSeconds: epoch.seconds },
    };
  };
  return {
    engine: engine.id,
    facts: factsOf(network),
    warm: () => train(Math.min(spec.samples, 3 * spec.batch)),
    round: () => train(spec.samples),
  };
}

/** The stage of each of `count` samples, in the given shares. */
function stagesOf(count, spread) {
  const ends = spread.slice(0, -1).map((_, i) => spread.slice(0, i + 1).reduce((a, b) => a + b, 0));
  return Uint8Array.from({ length: count }, (_, n) => ends.filter((end) => end <= (n * 0.618034) % 1).length);
}
