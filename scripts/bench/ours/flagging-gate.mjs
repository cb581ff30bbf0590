import { decide, gateScores, summedScores } from '../../../dist/repair/gate.js';

/**
 * A gate, of random directions in the probes' features, that flags the given share of these samples and sends them to
 * the stages in the given shares, as nearly as it goes.
 * @param features { data: [n, sum of channels], channels }
 * @returns gate, sigma and its decision for the samples
 */
export function flaggingGate(features, flaggedShare, spread, rng) {
  const stages = features.channels.length;
  const directions = features.channels.map((width) =>
    Float64Array.from({ length: width }, () => rng.normal()),
  );
  const moments = directions.map((direction, i) => momentsAlong(features, i, direction));
  const gate = {
    weights: directions.map((direction, i) => direction.map((weight) => weight / moments[i].deviation)),
    biases: Float64Array.from(moments, ({ mean, deviation }) => 10 - mean / deviation), // far from the ReLU's kink
  };
  const sums = summedScores(gateScores(gate, features), stages);
  const ranked = Array.from(sums).sort((a, b) => b - a);
  const flags = Math.max(1, Math.round(sums.length * flaggedShare));
  const sigma = (ranked[flags - 1] + ranked[flags]) / 2;
  // What one stage gains the others lose, so sums and flags stay.
  for (let k = 0; k < 500; k++) {
    const { flagged, stage } = decide(gateScores(gate, features), stages, sigma);
    for (const [i, share] of spread.entries()) {
      const sent = stage.reduce((sum, chosen, n) => sum + (flagged[n] === 1 && chosen === i ? 1 : 0), 0);
      gate.biases[i] += 0.02 * (share - sent / flags);
    }
  }
  return { gate, sigma, decision: decide(gateScores(gate, features), stages, sigma) };
}

/** Mean and deviation of stage i's features along a direction. */
function momentsAlong({ data, channels }, i, direction) {
  const width = channels.reduce((a, b) => a + b, 0);
  const offset = channels.slice(0, i).reduce((a, b) => a + b, 0);
  const values = Array.from({ length: data.length / width }, (_, n) =>
    direction.reduce((sum, weight, c) => sum + weight * data[n * width + offset + c], 0),
  );
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, deviation: Math.sqrt(variance) };
}
