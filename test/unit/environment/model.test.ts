import type { Rank } from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';

import { Rng } from '../../../src/core/rng.js';
import { shapes } from '../../../src/datasets/shapes/dataset.js';
import {
  energyDistance,
  fitModel,
  startModel,
  transformed,
  type ModelParameters,
  type ModelSettings,
} from '../../../src/environment/model.js';
import { measureBands } from '../../../src/environment/spectrum.js';
import { rows, type Images } from '../../../src/nn/batch.js';
import type { Parameter } from '../../../src/nn/parameter.js';
import { expectClose, numbers } from '../../support/arrays.js';
import { testEngine } from '../../support/engine.js';
import { randomTensor } from '../../support/tensors.js';

const engine = await testEngine();
const { tf } = engine;
const settings: ModelSettings = {
  edges: [0.5, 1.5, 3, 5, 8, 12],
  components: 2,
  steps: 200,
  learningRate: 0.05,
  cleanBatch: 32,
  noisyBatch: 64,
  flatness: 1e-3,
};
const drop = (model: ModelParameters): void =>
  tf.dispose((Object.values(model) as Parameter[]).map(({ variable }) => variable));
const { images } = (await shapes.read('', { train: 400, test: 1, seed: 1, size: 32 })).train;

/** Less contrast, and white noise of deviation 0.1, clipped. */
function changed({ data, shape }: Images): Images {
  const rng = new Rng(1, 'noise');
  const out = data.map((value) =>
    Math.max(0, Math.min(255, Math.round(0.5 * value + 60 + 25.5 * rng.normal()))),
  );
  return { shape, data: out };
}

describe('energy distance', () => {
  it('is the plain double sum over pairs of different images', () => {
    const d = randomTensor<Rank.R3>(tf, new Rng(1, 'd'), [3, 2, 4]);
    const u = randomTensor<Rank.R2>(tf, new Rng(1, 'u'), [5, 4]);
    const weights = [0.3, 0.7];
    const [ds, us] = [d.arraySync(), u.arraySync()];
    const distance = (a: number[], b: number[]): number =>
      Math.sqrt(a.reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0));
    let [between, within] = [0, 0];
    ds.forEach((components, n) => {
      components.forEach((point, k) => {
        for (const other of us) between += (weights[k]! * distance(point, other)) / 15;
        ds.forEach((others, m) => {
          if (m === n) return;
          others.forEach((other, j) => (within += (weights[k]! * weights[j]! * distance(point, other)) / 6));
        });
      });
    });
    const found = energyDistance(engine, d, tf.tensor1d(weights), u);
    expectClose(numbers(found), [2 * between - within], 1e-4);
  });
});

describe('the environment model', () => {
  it('starts close to no change, its components apart', () => {
    const model = startModel(engine, settings, new Rng(1, 'start'));
    const means = numbers(tf.mean(model.logTransfer.variable, [1, 2]));
    expect(means[0]).toBeCloseTo(0, 1);
    expect(means[1]).toBeCloseTo(-0.3, 1);
    expect(numbers(tf.mean(model.logNoise.variable, [1, 2]))).toEqual([-4, -2.5]);
    drop(model);
  });

  it('describes what filter and noise do to power and mean', () => {
    const model = startModel(engine, { ...settings, components: 1 }, new Rng(1, 'start'));
    model.logTransfer.variable.assign(tf.fill([1, 3, 6], Math.log(0.5)));
    model.logNoise.variable.assign(tf.fill([1, 3, 6], Math.log(0.2)));
    model.gain.variable.assign(tf.fill([1, 3], 0.1));
    model.shift.variable.assign(tf.fill([1, 3], -0.3));
    const found = transformed(engine, model, tf.fill([1, 3, 6], 2), tf.fill([1, 3], 0.6));
    expectClose(
      numbers(found),
      [...Array.from({ length: 18 }, () => Math.log(0.25 * 2 + 0.04 + 1e-6)), 0.36, 0.36, 0.36],
      1e-5,
    );
    drop(model);
  });

  it('finds contrast and noise of unpaired images, the same for the same stream', async () => {
    const clean = await measureBands(engine, rows(images, 0, 200), settings.edges);
    const noisy = await measureBands(engine, changed(rows(images, 200, 400)), settings.edges);
    const fit = () =>
      fitModel(engine, {
        clean,
        noisy,
        settings: { ...settings, components: 1 },
        rng: new Rng(1, 'fit'),
        signal: new AbortController().signal,
        onStep: () => undefined,
      });
    const before = tf.memory().numTensors;
    const { model, losses } = await fit();
    expect(tf.memory().numTensors).toBe(before);
    expect((await fit()).model).toEqual(model);
    expect(losses.length).toBe(200);
    expect(losses.at(-1)).toBeLessThan(losses[0]! / 2);
    const [brightness] = model.transfer[0]!;
    const [noise] = model.noise[0]!;
    expect(brightness![1]).toBeCloseTo(0.5, 1); // where shapes have their power
    expect(noise![5]).toBeCloseTo(0.1, 1);
    expect(model.weights).toEqual([1]);
  });
});
