import { describe, expect, it } from 'vitest';

import { Rng } from '../../../src/core/rng.js';
import { shapes } from '../../../src/datasets/shapes/dataset.js';
import { forwardAll } from '../../../src/networks/network.js';
import { rows, toTensor } from '../../../src/nn/batch.js';
import { decide, gateScores, summedScores, type Gate } from '../../../src/repair/gate.js';
import { buildPatch, patchedLogits } from '../../../src/repair/patch.js';
import { buildProbes } from '../../../src/repair/probe.js';
import {
  classifyFlagged,
  classifyRepaired,
  pooledFeatures,
  predictedClasses,
} from '../../../src/repair/repaired-network.js';
import { resolveSigma } from '../../../src/repair/sigma.js';
import { aroundStage } from '../../../src/repair/stage-inputs.js';
import { sampleStructure } from '../../../src/repair/structure.js';
import { numbers } from '../../support/arrays.js';
import { testEngine } from '../../support/engine.js';
import { shakeNorms, smallAllConvNet, wakePatch } from '../../support/networks.js';

const engine = await testEngine();
const { tf } = engine;
const network = smallAllConvNet(engine);
shakeNorms(engine, network, new Rng(1, 'norms'));
const probes = buildProbes(engine, new Rng(1, 'probes'), network);
const structure = sampleStructure(new Rng(1, 'structure'), { nodes: 4, cells: 2, opsPerEdge: 'bernoulli' });
const patch = wakePatch(engine, buildPatch(engine, new Rng(1, 'patch'), network, structure), 1);
const count = 270; // more than one batch
const { images } = (await shapes.read('', { train: count, test: 1, seed: 1 })).train;
const channels = probes.map((probe) => probe.channels);

/** The original's classes and the probes' features, image by image. */
const observed = await (async () => {
  const width = channels.reduce((a, b) => a + b, 0);
  const classes = new Uint8Array(count);
  const data = new Float32Array(count * width);
  for (let n = 0; n < count; n++) {
    const x = toTensor(engine, rows(images, n, n + 1), network.normalisation);
    const { maps, logits } = tf.tidy(() => forwardAll(network, x));
    const features = tf.tidy(() => pooledFeatures(engine, probes, maps));
    data.set(numbers(features), n * width);
    classes.set(await predictedClasses(engine, logits), n);
    tf.dispose([x, ...maps, logits, features]);
  }
  return { classes, features: { data, channels } };
})();

/** Scores by how far the sum of a stage's features lies from its mean, in standard deviations, around 3. */
const gate: Gate = (() => {
  const { data } = observed.features;
  const width = channels.reduce((a, b) => a + b, 0);
  const moments = channels.map((_, i) => {
    const at = channels.slice(0, i).reduce((a, b) => a + b, 0);
    const values = Array.from({ length: count }, (__, n) =>
      data.slice(n * width + at, n * width + at + channels[i]!).reduce((a, b) => a + b, 0),
    );
    const mean = values.reduce((a, b) => a + b, 0) / count;
    return { mean, deviation: Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / count) };
  });
  return {
    weights: channels.map((size, i) => new Float64Array(size).fill(1 / moments[i]!.deviation)),
    biases: Float64Array.from(moments, ({ mean, deviation }) => 3 - mean / deviation),
  };
})();
const scores = gateScores(gate, observed.features);
const sigma = resolveSigma({ quantile: 0.5 }, summedScores(scores, 3));
const expected = decide(scores, 3, sigma);

/**
 * What the repaired network must answer, image by image: anew from the image up to the stage, then patch and rest.
 * `isClear` where neither a rounding of the sum (sigma is one of the sums) nor of the two best logits decides.
 */
const answers = await Promise.all(
  Array.from(expected.flagged, async (flag, n) => {
    const margin = Math.abs(summedScores(scores, 3)[n]! - sigma);
    if (flag === 0) return { answer: observed.classes[n]!, isClear: margin > 1e-4 };
    const logits = tf.tidy(() => {
      const stage = expected.stage[n]!;
      const { input, output } = aroundStage(engine, network, rows(images, n, n + 1), stage);
      return patchedLogits(engine, network, patch, stage, input, output);
    });
    const [best, second] = numbers(logits).sort((a, b) => b - a) as [number, number];
    const [answer] = await predictedClasses(engine, logits);
    logits.dispose();
    return { answer: answer!, isClear: margin > 1e-4 && best - second > 1e-4 };
  }),
);

describe('the repaired network', () => {
  it('is tried on all stages, and changes classes', () => {
    expect(new Set(expected.stage)).toEqual(new Set([0, 1, 2]));
    expect(answers.filter(({ answer }, n) => answer !== observed.classes[n]).length).toBeGreaterThan(5);
    expect(answers.filter(({ isClear }) => isClear).length).toBeGreaterThan(count - 5);
  });

  it("gives images that are not flagged the original's class, and flagged ones that of the patch", async () => {
    const repair = { probes, gate, sigma, patch };
    const { classes, decision } = await classifyRepaired(engine, network, repair, images);
    answers.forEach(({ answer, isClear }, n) => {
      if (!isClear) return;
      expect(decision.flagged[n]).toBe(expected.flagged[n]);
      expect(decision.stage[n]).toBe(expected.stage[n]);
      expect(classes[n]).toBe(answer);
    });
  });

  it("has the same answers from known decisions, as the stage 'evaluate' uses it", async () => {
    const progress: [number, number][] = [];
    const classes = await classifyFlagged(
      engine,
      network,
      patch,
      images,
      observed.classes,
      expected,
      (...step) => progress.push(step),
    );
    answers.forEach(({ answer, isClear }, n) => {
      if (isClear || expected.flagged[n] === 0) expect(classes[n]).toBe(answer);
    });
    const total = expected.flagged.reduce((a, b) => a + b, 0);
    expect(progress.at(-1)).toEqual([total, total]);
  });

  it('is the original where nothing is flagged', async () => {
    const { classes, decision } = await classifyRepaired(
      engine,
      network,
      { probes, gate, sigma: Infinity, patch },
      images,
    );
    expect(decision.flagged.some((flag) => flag === 1)).toBe(false);
    const x = tf.tidy(() =>
      tf.argMax(
        tf.concat(
          [
            [0, 250],
            [250, 270],
          ].map(
            ([from, to]) =>
              forwardAll(network, toTensor(engine, rows(images, from!, to!), network.normalisation)).logits,
          ),
        ),
        1,
      ),
    );
    expect([...classes]).toEqual(numbers(x));
  });

  it('sends everything through the patch below 0', async () => {
    const { decision } = await classifyRepaired(
      engine,
      network,
      { probes, gate, sigma: -1, patch },
      rows(images, 0, 20),
    );
    expect([...decision.flagged]).toEqual(new Array<number>(20).fill(1));
  });

  it('leaves nothing behind', async () => {
    const before = tf.memory().numTensors;
    await classifyRepaired(engine, network, { probes, gate, sigma, patch }, rows(images, 0, 20));
    expect(tf.memory().numTensors).toBe(before);
  });

  it('takes no images at all', async () => {
    const { classes } = await classifyRepaired(
      engine,
      network,
      { probes, gate, sigma, patch },
      rows(images, 0, 0),
    );
    expect(classes.length).toBe(0);
  });
});

describe('predictedClasses', () => {
  it('is the largest logit of each row, the first on a tie', async () => {
    const logits = tf.tensor2d([
      [0, 3, 3],
      [-1, -2, -3],
      [1, 0, 2],
    ]);
    expect(await predictedClasses(engine, logits)).toEqual(Uint8Array.of(1, 0, 2));
  });
});
