import { forwardAll, forwardFrom } from '../../../dist/networks/network.js';
import { pieces, rows, toTensor } from '../../../dist/nn/batch.js';
import { buildPatch } from '../../../dist/repair/patch.js';
import { buildProbes } from '../../../dist/repair/probe.js';
import { classifyRepaired, pooledFeatures, predictedClasses } from '../../../dist/repair/repaired-network.js';
import { flaggingGate } from './flagging-gate.mjs';
import { bytes, factsOf, openedFrozen } from './opened.mjs';

/** As the stages and `classifyRepaired` have it. */
const usualBatch = 250;

/** Classes of images by the original or by the repaired network. The images repeat every `tile`. */
export async function make(spec) {
  const { engine, network, rng } = await openedFrozen(spec);
  const { tf } = engine;
  const { batch = usualBatch } = spec;
  const tile = bytes(network, spec.tile);
  const all = {
    shape: [spec.images, ...tile.shape.slice(1)],
    data: repeated(tile.data, spec.images / spec.tile),
  };
  const probes = buildProbes(engine, rng.child('probes'), network);
  const { gate, sigma, decision } = flaggingGate(
    await featuresOf(engine, network, probes, tile),
    spec.flaggedShare,
    spec.spread,
    rng.child('gate'),
  );
  const patch = buildPatch(engine, rng.child('patch'), network, spec.structure);

  const original = async (images) => {
    const logits = tf.tidy(() => forwardFrom(network, toTensor(engine, images, network.normalisation), 0));
    await predictedClasses(engine, logits);
    logits.dispose();
    return 0;
  };
  const repaired = async (images) => {
    const answer = await classifyRepaired(engine, network, { probes, gate, sigma, patch }, images);
    return countOnes(answer.decision.flagged);
  };
  const classify = async (count) => {
    let flagged = 0;
    for (const [from, to] of pieces(count, batch))
      flagged += await (spec.isRepaired ? repaired : original)(rows(all, from, to));
    const expected = spec.isRepaired ? (countOnes(decision.flagged) * count) / spec.tile : 0;
    if (flagged !== expected) throw new Error(`the gate flagged ${flagged} of ${count}, not ${expected}`);
  };
  return {
    engine: engine.id,
    facts: {
      ...factsOf(network),
      batch,
      flagged: Array.from(decision.flagged),
      stage: Array.from(decision.stage),
    },
    warm: () => classify(spec.tile),
    round: () => classify(spec.images),
  };
}

function countOnes(flags) {
  return flags.reduce((a, b) => a + b, 0);
}

function repeated(data, count) {
  const out = new Uint8Array(data.length * count);
  for (let k = 0; k < count; k++) out.set(data, k * data.length);
  return out;
}

async function featuresOf(engine, network, probes, images) {
  const { tf } = engine;
  const channels = probes.map((probe) => probe.channels);
  const width = channels.reduce((a, b) => a + b, 0);
  const data = new Float32Array(images.shape[0] * width);
  for (const [from, to] of pieces(images.shape[0], usualBatch)) {
    const pooled = tf.tidy(() => {
      const x = toTensor(engine, rows(images, from, to), network.normalisation);
      return pooledFeatures(engine, probes, forwardAll(network, x).maps);
    });
    data.set(await pooled.data(), from * width);
    pooled.dispose();
  }
  return { data, channels };
}
