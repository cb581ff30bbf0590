import { Rng } from '../../../dist/core/rng.js';
import { gateScores, gateTargets, trainGate } from '../../../dist/repair/gate.js';

/** AllConvNet's: three stages with 21 features each. */
const channels = [21, 21, 21];

/** The `gate` stage without its files: trained, then everything that has been observed is scored. */
export async function make(spec) {
  const rng = new Rng(1, 'bench/gate');
  const featuresOf = (count) => ({
    channels,
    data: Float32Array.from({ length: count * 63 }, () => rng.double()),
  });
  const learned = featuresOf(spec.samples);
  const observed = featuresOf(spec.scored);
  const fisher = Float32Array.from({ length: spec.samples * channels.length }, () => rng.double());
  const round = async () => {
    const gate = trainGate(learned, gateTargets(fisher, channels.length, 'log1p-stage'));
    gateScores(gate, observed);
  };
  return { warm: round, round };
}
